import { expect, test, vi } from 'vitest'
import { seededRandom } from '../../test/synthetic.ts'
import { discoverWork } from './discover-work.ts'

vi.setConfig({ testTimeout: 60_000 })

const STEP_SECONDS = 0.5
const DIM = 12

/** Cycles of four steps and a rest, each step a path of its own; lengths vary by ±15 %. */
function work({ seed, cycles, rest = 3 }: { readonly seed: number; readonly cycles: number; readonly rest?: number }) {
  const random = seededRandom(seed)
  const vector = () => Float32Array.from({ length: DIM }, random.normal)
  const still = vector()
  const steps = Array.from({ length: 4 }, () => [vector(), vector()] as const)
  const vectors: Float32Array[] = []
  const starts: number[] = []
  const show = (x: Float32Array) => vectors.push(x.map(value => value + 0.5 * random.normal()))
  for (let cycle = 0; cycle < cycles; cycle++) {
    for (let t = 0; t < rest * (0.5 + random.uniform()); t++) show(still)
    starts.push(vectors.length * STEP_SECONDS)
    for (const [from, to] of steps) {
      const length = Math.round(10 * (0.85 + 0.3 * random.uniform()))
      for (let t = 0; t < length; t++) show(from.map((value, j) => value + (t / length) * (to[j]! - value)))
    }
  }
  starts.push(vectors.length * STEP_SECONDS)
  for (let t = 0; t < rest; t++) show(still)
  return { vectors, starts }
}

const discover = (vectors: readonly Float32Array[]) => discoverWork({ vectors, stepSeconds: STEP_SECONDS })

test('every cycle of a recording is found and none besides, and timed to within a second', async () => {
  const { vectors, starts } = work({ seed: 1, cycles: 8, rest: 6 })
  const found = await discover(vectors)
  if (!found.found) throw new Error(JSON.stringify(found))
  const whole = found.cycles.filter(cycle => cycle.whole)
  expect(whole).toHaveLength(8)
  for (const [index, { startSeconds, endSeconds }] of whole.slice(0, -1).entries()) {
    expect(Math.abs(endSeconds - startSeconds - (starts[index + 1]! - starts[index]!))).toBeLessThanOrEqual(1)
  }
})

test('its steps come in one order in every cycle, within it and without overlap', async () => {
  const found = await discover(work({ seed: 3, cycles: 8 }).vectors)
  if (!found.found) throw new Error(JSON.stringify(found))
  expect(found.stepCount).toBeGreaterThanOrEqual(4)
  for (const { steps, startSeconds, endSeconds } of found.cycles) {
    let at = startSeconds
    for (const [index, step] of steps.entries()) {
      expect(step.startSeconds).toBeGreaterThanOrEqual(at)
      expect(step.endSeconds).toBeLessThanOrEqual(endSeconds)
      if (index > 0) expect(step.step).toBeGreaterThan(steps[index - 1]!.step)
      at = step.endSeconds
    }
  }
})

test('what the recording cuts is said to be cut', async () => {
  const { vectors, starts } = work({ seed: 4, cycles: 8, rest: 12 })
  const from = Math.round((starts[0]! + starts[1]!) / 2 / STEP_SECONDS)
  const to = Math.round((0.6 * starts[6]! + 0.4 * starts[7]!) / STEP_SECONDS)
  const found = await discover(vectors.slice(from, to))
  if (!found.found) throw new Error(JSON.stringify(found))
  expect(found.cycles.filter(cycle => cycle.whole)).toHaveLength(5)
  expect(found.cycles.at(-1)!.whole).toBe(false)
})

test('noise, a walk without aim, a still picture and a moment hold no cycle', async () => {
  const random = seededRandom(5)
  const vector = () => Float32Array.from({ length: DIM }, random.normal)
  let place = vector()
  const walk = Array.from({ length: 240 }, () => {
    const push = vector()
    place = place.map((value, j) => 0.98 * value + 0.2 * push[j]!)
    return place
  })
  expect(await discover(Array.from({ length: 240 }, vector))).toMatchObject({ found: false, reason: 'nothing-repeats' })
  expect(await discover(walk)).toMatchObject({ found: false, reason: 'nothing-repeats' })
  const still = Array.from({ length: 240 }, () => new Float32Array(DIM).fill(7))
  expect(await discover(still)).toEqual({ found: false, reason: 'nothing-changes', evidence: null })
  expect(await discover(still.slice(0, 12))).toEqual({ found: false, reason: 'too-short', evidence: null })
})

test('vectors that are no numbers, or of two lengths, are refused', async () => {
  const { vectors } = work({ seed: 6, cycles: 3 })
  await expect(discover([...vectors, new Float32Array(DIM).fill(NaN)])).rejects.toThrow(/not finite/)
  await expect(discover([...vectors, new Float32Array(DIM + 1)])).rejects.toThrow(/another dimension/)
  await expect(discover([])).rejects.toThrow(/another dimension/)
})
