import { expect, it } from 'vitest'
import { seededRandom } from '../../test/synthetic.ts'
import { normaliseCentred } from './centred-normalisation.ts'
import type { FeatureRows } from './feature-rows.ts'

const rows = (seed: number, length: number, dim: number): FeatureRows => {
  const { normal } = seededRandom(seed)
  return { values: Float32Array.from({ length: length * dim }, (_, at) => normal() * (1 + (at % dim)) + 100), dim }
}

/** The same recording played backwards. */
const reversed = ({ values, dim }: FeatureRows): FeatureRows => {
  const length = values.length / dim
  return { values: values.map((_, at) => values[(length - 1 - Math.floor(at / dim)) * dim + (at % dim)]!), dim }
}

it('sees the future as it sees the past: a recording played backwards is normalised to the same, backwards', () => {
  const recording = rows(1, 50, 3)
  const forwards = normaliseCentred(recording, 9).values
  const backwards = reversed(normaliseCentred(reversed(recording), 9)).values
  for (const [at, value] of forwards.entries()) expect(backwards[at]).toBeCloseTo(value, 4)
})

it('is the deviation from the window around a step, cut at the ends of the recording', () => {
  const { values } = normaliseCentred({ values: Float32Array.of(0, 0, 6, 0, 0), dim: 1 }, 1)
  const floor = 0.1 * ((4 * 1.2 ** 2 + 4.8 ** 2) / 5)
  const expected = [0, -2 / Math.sqrt(8 + floor), 4 / Math.sqrt(8 + floor), -2 / Math.sqrt(8 + floor), 0]
  for (const [step, z] of expected.entries()) expect(values[step]).toBeCloseTo(z, 5)
})

it('takes drift that is slow beside its window away, and keeps what moves within it', () => {
  const work = Float32Array.from({ length: 400 }, (_, t) => Math.sin(t / 4))
  const still = normaliseCentred({ values: work, dim: 1 }, 40).values
  const drifting = normaliseCentred({ values: work.map((x, t) => x + t / 80), dim: 1 }, 40).values
  for (let t = 40; t < 360; t++) expect(Math.abs(drifting[t]! - still[t]!)).toBeLessThan(0.3)
})

it('makes nothing of a feature that never changes', () => {
  expect([...normaliseCentred({ values: new Float32Array(8).fill(7), dim: 1 }, 3).values]).toEqual(Array(8).fill(0))
})
