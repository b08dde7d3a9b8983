import { type FeatureRows, rowCount } from '../temporal-head/feature-rows.ts'
import type { FittedCycle } from './cycle-template.ts'

/** Why a bin is taken for a cycle's start. */
export type StartEvidence =
  /** The recording begins and ends there: it was cut between cycles. */
  | 'recording-edges'
  /** Cycles wait there, some long and some not. */
  | 'pauses'
  /** Nothing tells; the picture stands still the longest before it. */
  | 'stillness'

/** Phases of a recording's two ends that are this close, as a share of the cycle, are one. */
const EDGES_MEET = 0.04

/** A pause is where the time through a window of one of these shares of a cycle varies most … */
const PAUSE_WINDOWS = [1 / 24, 1 / 12, 1 / 6]

/** … by so many times as much as it does through the median window, in deviations. */
const PAUSE_STANDS_OUT = 2

/** Fewer whole cycles do not tell what varies. */
const LEAST_CYCLES = 4

/** A bin in which time varies by this share of the most is waited in. */
const WAITED_IN = 0.1

/** Bins whose squared distance is less than this share of that between any two show the same. */
const SAME_PICTURE = 0.5

/** The longest wait at the edges of a recording, and between cycles, as shares of a mean cycle. */
const EDGE_WAIT = 1 / 4
const LONGEST_WAIT = 0.4

export type CycleStart = {
  readonly bin: number
  /** Bins before it in which nothing is done but wait. */
  readonly waitBins: number
  readonly because: StartEvidence
}

/**
 * Where in the template a cycle starts. A period has no beginning of its own, and a border in the middle of the work
 * mixes halves of neighbouring cycles, so the place is looked for where people put it.
 */
export function cycleStart(fitted: FittedCycle): CycleStart {
  const { template, path } = fitted
  const binCount = rowCount(template)
  const [first, last] = [path.bins[0]!, path.bins.at(-1)!]
  if (ringDistance(first, last + 1, binCount) <= EDGES_MEET * binCount) {
    return { ...afterWaiting(template, first, EDGE_WAIT), because: 'recording-edges' }
  }
  const paused = lastOfPauses(fitted)
  if (paused !== null) return { ...afterWaiting(template, paused, LONGEST_WAIT), because: 'pauses' }
  return { ...afterWaiting(template, stillest(template), LONGEST_WAIT), because: 'stillness' }
}

const ringDistance = (a: number, b: number, size: number): number => {
  const apart = Math.abs(a - b) % size
  return Math.min(apart, size - apart)
}

/** The last bin that cycles wait in, in the window whose passing time varies most; null where none stands out. */
function lastOfPauses(fitted: FittedCycle): number | null {
  const rows = rowsByCycle(fitted)
  const binCount = rowCount(fitted.template)
  if (rows.length < LEAST_CYCLES) return null
  const spread = (from: number, width: number) =>
    variance(rows.map(own => sumOver(width, i => own[(from + i) % binCount]!)))
  let [most, start, width] = [0, 0, 0]
  for (const share of PAUSE_WINDOWS) {
    const wide = Math.max(1, Math.round(binCount * share))
    const spreads = Array.from({ length: binCount }, (_, from) => spread(from, wide))
    const median = spreads.toSorted((a, b) => a - b)[Math.floor(binCount / 2)]!
    const largest = Math.max(...spreads)
    if (largest <= most * median) continue
    ;[most, start, width] = [largest / median, spreads.indexOf(largest), wide]
  }
  if (most < PAUSE_STANDS_OUT ** 2) return null
  const inside = Array.from({ length: width }, (_, i) => spread(start + i, 1))
  const least = WAITED_IN * Math.max(...inside)
  return (start + inside.findLastIndex(value => value >= least)) % binCount
}

/** Rows spent in each bin, for every cycle of the walk that the recording does not cut. */
function rowsByCycle({ template, path }: FittedCycle): readonly Float64Array[] {
  const binCount = rowCount(template)
  const rows = Array.from({ length: path.cycles.at(-1)! + 1 }, () => new Float64Array(binCount))
  for (const [t, bin] of path.bins.entries()) rows[path.cycles[t]!]![bin]! += 1
  return rows.slice(1, -1)
}

function sumOver(count: number, value: (index: number) => number): number {
  let sum = 0
  for (let index = 0; index < count; index++) sum += value(index)
  return sum
}

function variance(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
}

/** The middle of the stretch of a twelfth of a cycle in which the template changes least. */
function stillest(template: FeatureRows): number {
  const binCount = rowCount(template)
  const length = Math.max(1, Math.round(binCount / 12))
  const change = Array.from({ length: binCount }, (_, bin) => templateChange(template, bin))
  const over = change.map((_, bin) => sumOver(length, i => change[(bin + i) % binCount]!))
  return (over.indexOf(Math.min(...over)) + Math.floor(length / 2)) % binCount
}

/** The first bin from `waiting` on that no longer shows what `waiting` does: work begins where waiting ends. */
function afterWaiting(template: FeatureRows, waiting: number, longest: number): Omit<CycleStart, 'because'> {
  const binCount = rowCount(template)
  const limit = SAME_PICTURE * templateSpread(template)
  const same = (bin: number) => squaredDistance(template, waiting, (bin + binCount) % binCount) <= limit
  let [after, before] = [1, 0]
  while (after <= longest * binCount && same(waiting + after)) after++
  // What goes on looking like it is work held still.
  if (after > longest * binCount) after = 1
  while (before < LONGEST_WAIT * binCount && same(waiting - before - 1)) before++
  return { bin: (waiting + after) % binCount, waitBins: before + after }
}

/** Mean squared distance of two bins. */
function templateSpread(template: FeatureRows): number {
  const { values, dim } = template
  const mean = new Float64Array(dim)
  for (let at = 0; at < values.length; at++) mean[at % dim]! += (values[at]! * dim) / values.length
  return (2 * values.reduce((sum, x, at) => sum + (x - mean[at % dim]!) ** 2, 0)) / rowCount(template)
}

function squaredDistance({ values, dim }: FeatureRows, a: number, b: number): number {
  let square = 0
  for (let j = 0; j < dim; j++) square += (values[a * dim + j]! - values[b * dim + j]!) ** 2
  return square
}

/** Squared distance of the bins on both sides. */
function templateChange(template: FeatureRows, bin: number): number {
  const binCount = rowCount(template)
  return squaredDistance(template, (bin + binCount - 2) % binCount, (bin + 1) % binCount)
}
