import type { FeatureRows } from './feature-rows.ts'
import { roughlyNormal } from './roughly-normal.ts'

/** How pace varies, as standard deviations of its logarithm. */
export type Warp = {
  /** Of the whole copy. */
  readonly overall: number
  /** From knot to knot, linear between them. */
  readonly local: number
  readonly knotSteps: number
}

/**
 * Where each step of a copy worked faster here and slower there lies in the original, in steps: from 0 to `length` − 1
 * and always forwards, so that the order of what happens stays.
 */
export function warpedPositions(length: number, { overall, local, knotSteps }: Warp, draw: () => number): Float64Array {
  const knots = Math.floor(length / knotSteps) + 2
  const copyPace = overall * roughlyNormal(draw)
  const slowness = Float64Array.from({ length: knots }, () => Math.exp(copyPace + local * roughlyNormal(draw)))
  const time = new Float64Array(length)
  for (let step = 1; step < length; step++) time[step] = time[step - 1]! + between(slowness, step / knotSteps)
  const positions = new Float64Array(Math.floor(time[length - 1]!) + 1)
  for (let step = 0, t = 0; t < positions.length; t++) {
    while (step < length - 2 && time[step + 1]! <= t) step++
    const span = length > 1 ? time[step + 1]! - time[step]! : 1
    positions[t] = Math.min(length - 1, step + (t - time[step]!) / span)
  }
  return positions
}

/** Value at a fractional place of a list, linear between its entries. */
function between(list: Float64Array, place: number): number {
  const before = Math.floor(place)
  const share = place - before
  return list[before]! * (1 - share) + list[Math.min(list.length - 1, before + 1)]! * share
}

/** Rows at fractional positions, linear between their neighbours: features, or targets, which become soft at borders. */
export function resampleRows({ values, dim }: FeatureRows, positions: Float64Array): FeatureRows {
  const resampled = new Float32Array(positions.length * dim)
  const last = values.length / dim - 1
  for (const [t, position] of positions.entries()) {
    const before = Math.floor(position)
    const share = position - before
    const after = Math.min(last, before + 1)
    for (let j = 0; j < dim; j++) {
      resampled[t * dim + j] = values[before * dim + j]! * (1 - share) + values[after * dim + j]! * share
    }
  }
  return { values: resampled, dim }
}
