import { assert, integer, property } from 'fast-check'
import { expect, test } from 'vitest'
import { lightAt, planLight } from './plan-light.ts'
import { seededRandom } from './random.ts'

const seconds = 300
const eachInstant = Array.from({ length: seconds * 25 }, (_, frame) => frame / 25)

test('light stays near its mean and never jumps within a frame', () => {
  assert(
    property(integer(), seed => {
      const plan = planLight(seededRandom(seed), seconds)
      const gains = eachInstant.map(at => lightAt(plan, at).gain)
      expect(Math.min(...gains)).toBeGreaterThan(0.8)
      expect(Math.max(...gains)).toBeLessThan(1.2)
      const steps = gains.slice(1).map((gain, index) => Math.abs(gain - gains[index]!))
      expect(Math.max(...steps)).toBeLessThan(0.02)
    }),
    { numRuns: 10 },
  )
})

test('within minutes light drifts by some percent', () => {
  const plan = planLight(seededRandom(1), seconds)
  const gains = eachInstant.map(at => lightAt(plan, at).gain)
  expect(Math.max(...gains) - Math.min(...gains)).toBeGreaterThan(0.05)
})
