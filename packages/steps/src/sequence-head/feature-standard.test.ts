import { expect, it } from 'vitest'
import type { FeatureSequence } from './feature-sequence.ts'
import { featureStandard } from './feature-standard.ts'

/** Sequences of rows of three channels. */
const sequences = (...rows: readonly (readonly (readonly number[])[])[]): readonly FeatureSequence[] =>
  rows.map((each, index) => ({
    name: `s${index}`,
    times: each.length,
    read: async into => into.set(each.flat()),
  }))

const form = { channels: 3, places: 1 }

it('makes the mean of all sequences 0 and the deviation about 1, however large the mean', async () => {
  const rows = Array.from({ length: 40 }, (_, t) => [Math.sin(t), 1e4 + 3 * Math.cos(t), 2 * Math.sin(2 * t)])
  const { gain, offset } = await featureStandard(sequences(rows.slice(0, 10), rows.slice(10)), form)
  for (const channel of [0, 1, 2]) {
    const seen = rows.map(row => row[channel]! * gain[channel]! + offset[channel]!)
    const mean = seen.reduce((a, b) => a + b, 0) / seen.length
    const deviation = Math.sqrt(seen.reduce((sum, x) => sum + (x - mean) ** 2, 0) / seen.length)
    expect(mean).toBeCloseTo(0, 2)
    expect(deviation).toBeGreaterThan(0.95)
    expect(deviation).toBeLessThanOrEqual(1)
  }
})

it('leaves out what never changes, and does not blow up what seldom does', async () => {
  const rows = Array.from({ length: 1000 }, (_, t) => [7, t === 500 ? 1 : 0, Math.sqrt(2) * Math.sin(t)])
  const { gain, offset } = await featureStandard(sequences(rows), form)
  expect(gain[0]).toBe(0)
  expect(offset[0]).toBeCloseTo(0)
  expect(gain[1]!).toBeLessThan(20)
})
