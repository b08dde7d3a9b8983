import type { FeatureForm, FeatureSequence } from './feature-sequence.ts'

/** What makes every channel's mean 0 and its deviation about 1: x·gain + offset, `[channels]` each. */
export type FeatureStandard = { readonly gain: Float32Array<ArrayBuffer>; readonly offset: Float32Array<ArrayBuffer> }

/** Time steps of a sequence that are looked at; neighbours say nearly the same. */
const MOST_ROWS = 1000

/** A channel whose deviation is this small a share of its mean is taken for constant, and is left out. */
const LEAST_DEVIATION = 1e-6

/** Share of the mean variance that every channel has at least: what is nearly always 0 is not blown up when it is not. */
const VARIANCE_FLOOR = 0.01

/** The standard of some sequences, which are read one after the other into one buffer. */
export async function featureStandard(
  sequences: readonly FeatureSequence[],
  { channels }: FeatureForm,
): Promise<FeatureStandard> {
  const buffer = new Float32Array(channels * Math.max(...sequences.map(({ times }) => times)))
  const mean = new Float64Array(channels)
  const squares = new Float64Array(channels)
  let count = 0
  for (const { times, read } of sequences) {
    await read(buffer)
    for (let row = 0; row < times; row += Math.ceil(times / MOST_ROWS)) {
      count++
      // Welford, 1962: loses no digits where means are large.
      for (let j = 0; j < channels; j++) {
        const x = buffer[row * channels + j]!
        const before = x - mean[j]!
        mean[j]! += before / count
        squares[j]! += before * (x - mean[j]!)
      }
    }
  }
  const variance = squares.map(sum => sum / count)
  const floor = VARIANCE_FLOOR * (variance.reduce((sum, v) => sum + v, 0) / channels)
  const isConstant = (j: number) => Math.sqrt(variance[j]!) <= LEAST_DEVIATION * Math.abs(mean[j]!)
  const gain = Float32Array.from(variance, (v, j) => (isConstant(j) ? 0 : 1 / Math.sqrt(v + floor)))
  return { gain, offset: gain.map((g, j) => -mean[j]! * g) }
}
