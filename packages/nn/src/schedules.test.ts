import { expect, test } from 'vitest'
import { cosine, teacherTemperature, warmupCosine } from './schedules.ts'

const steps = (count: number) => [...Array(count + 1).keys()]

test('the rate rises in a line, peaks where warm-up ends, and falls by half a cosine to its final value', () => {
  const rate = warmupCosine({ peak: 8, final: 2, warmupSteps: 4, steps: 10 })
  expect([0, 1, 2, 3, 4].map(rate)).toEqual([0, 2, 4, 6, 8])
  // 2 + 3·(1 + cos(π/3)) = 6.5 a third of the way, 5 half-way, 2 + 3·(1 − ½) = 3.5 at two thirds
  expect([6, 7, 8].map(rate)).toEqual([6.5, 5, 3.5].map(value => expect.closeTo(value, 12)))
  expect(rate(10)).toBe(2)
})

test('without warm-up the rate starts at its peak; with nothing else it ends there', () => {
  expect(warmupCosine({ peak: 3, warmupSteps: 0, steps: 5 })(0)).toBe(3)
  const onlyWarmup = warmupCosine({ peak: 3, final: 3, warmupSteps: 5, steps: 5 })
  expect([4, 5, 6].map(onlyWarmup)).toEqual([expect.closeTo(2.4, 12), 3, 3])
})

test("the teacher's momentum goes from .996 to 1 and never back", () => {
  const values = steps(100).map(cosine({ from: 0.996, to: 1, steps: 100 }))
  expect(values[0]).toBeCloseTo(0.996, 12)
  expect(values[50]).toBeCloseTo(0.998, 12)
  expect(values[100]).toBe(1)
  for (const [i, value] of values.slice(1).entries()) expect(value).toBeGreaterThan(values[i]!)
})

test('weight decay is as far above its start as it will be below its end at the mirrored step', () => {
  const decay = cosine({ from: 0.04, to: 0.4, steps: 30 })
  for (const step of steps(30)) expect(decay(step) + decay(30 - step)).toBeCloseTo(0.44, 12)
})

test('every schedule keeps its last value for ever', () => {
  expect(cosine({ from: 1, to: 0.5, steps: 10 })(1e6)).toBe(0.5)
  expect(warmupCosine({ peak: 1, final: 0.1, warmupSteps: 2, steps: 10 })(1e6)).toBe(0.1)
  expect(teacherTemperature({ warmupSteps: 10 })(1e6)).toBeCloseTo(0.07, 15)
})

test("the teacher's temperature warms from .04 to .07", () => {
  const temperature = teacherTemperature({ warmupSteps: 3 })
  expect([0, 1, 2, 3].map(temperature)).toEqual([0.04, 0.05, 0.06, 0.07].map(value => expect.closeTo(value, 12)))
})
