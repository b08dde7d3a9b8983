import { type FeatureRows, rowCount } from '../temporal-head/feature-rows.ts'
import { alignCyclic, type CyclicPath } from './cyclic-alignment.ts'

/** A mean cycle, and how a recording walks through it. */
export type FittedCycle = {
  /** `[bins, dim]`, a bin as long as a row. */
  readonly template: FeatureRows
  readonly path: CyclicPath
}

/** Alignments after the first; the path changes little after three. */
const ROUNDS = 4

/**
 * The mean cycle of about `period` rows that explains a recording best: the stretch of that length at `start` is the
 * first template; then by turns the recording is aligned to it and each bin becomes the mean of its rows (barycentre
 * averaging, Petitjean, Ketterlin & Gançarski 2011), re-timed so that a cycle of mean tempo dwells nowhere.
 */
export function fitCycle(rows: FeatureRows, { start, period }: { readonly start: number; readonly period: number }) {
  const { dim, values } = rows
  return refineCycle(rows, { values: values.slice(start * dim, (start + period) * dim), dim })
}

/** `fitCycle` from a template that is known already. */
export function refineCycle(rows: FeatureRows, first: FeatureRows): FittedCycle {
  let template = first
  let path = alignCyclic(rows, template)
  for (let round = 0; round < ROUNDS; round++) {
    template = retimed(meanCycle(rows, path, rowCount(template)))
    path = alignCyclic(rows, template)
  }
  return { template, path }
}

type MeanCycle = {
  readonly template: FeatureRows
  /** Rows that a cycle spends in a bin, on average. */
  readonly dwell: Float64Array
}

/** A neighbour's rows count a quarter: bins are no sharper than an alignment is. */
const NEIGHBOUR = 0.25

function meanCycle({ values, dim }: FeatureRows, { bins, cycles }: CyclicPath, binCount: number): MeanCycle {
  const { sums, counts } = binSums({ values, dim }, bins, binCount)
  const template = new Float32Array(sums.length)
  for (let k = 0; k < binCount; k++) {
    const around = [(k + binCount - 1) % binCount, (k + 1) % binCount]
    const weight = counts[k]! + NEIGHBOUR * (counts[around[0]!]! + counts[around[1]!]!)
    for (let j = 0; j < dim && weight > 0; j++) {
      const beside = sums[around[0]! * dim + j]! + sums[around[1]! * dim + j]!
      template[k * dim + j] = (sums[k * dim + j]! + NEIGHBOUR * beside) / weight
    }
  }
  const walked = cycles.at(-1)! + (bins.at(-1)! + 1 - bins[0]!) / binCount
  return { template: { values: template, dim }, dwell: counts.map(count => count / Math.max(walked, 1)) }
}

/** Sum and number of the rows of each bin. */
export function binSums({ values, dim }: FeatureRows, bins: Int32Array, binCount: number) {
  const sums = new Float64Array(binCount * dim)
  const counts = new Float64Array(binCount)
  for (const [t, k] of bins.entries()) {
    counts[k]! += 1
    for (let j = 0; j < dim; j++) sums[k * dim + j]! += values[t * dim + j]!
  }
  return { sums, counts }
}

/** A cycle of fewer bins has no order to speak of. */
const LEAST_BINS = 4

/** The same cycle with bins of equal dwell. */
function retimed({ template, dwell }: MeanCycle): FeatureRows {
  const { values, dim } = template
  const total = dwell.reduce((sum, d) => sum + d, 0)
  const binCount = Math.max(LEAST_BINS, Math.round(total))
  const out = new Float32Array(binCount * dim)
  let [bin, passed] = [0, 0]
  for (let k = 0; k < binCount; k++) {
    const middle = ((k + 0.5) * total) / binCount
    while (bin < dwell.length - 1 && passed + dwell[bin]! <= middle) passed += dwell[bin++]!
    out.set(values.subarray(bin * dim, (bin + 1) * dim), k * dim)
  }
  return { values: out, dim }
}
