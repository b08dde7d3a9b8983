import { breathe } from '../breathe.ts'
import { type FeatureRows, rowCount } from '../temporal-head/feature-rows.ts'
import { type FittedCycle, fitCycle } from './cycle-template.ts'
import { heldOutByCycle } from './held-out.ts'
import { poolRows } from './pool-rows.ts'

/** A length of cycle that was tried, and what came of it. */
export type TriedPeriod = {
  /** Rows of a cycle after fitting. */
  readonly period: number
  /** Share of the recording's squares that the other cycles foretell, less what the moves cost. */
  readonly merit: number
  /** The fit at this pooling. */
  readonly fitted: FittedCycle
  readonly pooling: number
}

/** Bins of a cycle while its length is searched, or up to twice as many. */
const SEARCH_BINS = 48

/** Whole cycles that a recording has to hold, more or less. */
const LEAST_CYCLES = 2.5

/** Fitting moves a length by more than from one of these to the next. */
export const FINE_GRID = 1.12

/** Where the first templates are cut, shares of the recording: one of them shows a usual cycle. */
const STARTS = [0.1, 0.35, 0.6, 0.85]

export type PeriodSearch = {
  readonly leastRows: number
  /** From one length to the next. */
  readonly grid: number
  readonly signal: AbortSignal | undefined
}

/** Fits cycles of all lengths between `leastRows` and a part of the recording, the best start of each. */
export async function tryPeriods(
  rows: FeatureRows,
  { leastRows, grid, signal }: PeriodSearch,
): Promise<readonly TriedPeriod[]> {
  const tried: TriedPeriod[] = []
  for (let period = leastRows; period <= rowCount(rows) / LEAST_CYCLES; period *= grid) {
    await breathe(signal)
    tried.push(tryPeriod(rows, period))
  }
  return tried
}

/** The best of some fits of about this period. */
function tryPeriod(rows: FeatureRows, period: number): TriedPeriod {
  const pooling = Math.max(1, Math.floor(period / SEARCH_BINS))
  const pooled = poolRows(rows, pooling)
  const length = Math.round(period / pooling)
  const fits = STARTS.map(share => {
    const start = Math.floor((rowCount(pooled) - length) * share)
    const fitted = fitCycle(pooled, { start, period: length })
    return { fitted, merit: merit(pooled, fitted) }
  })
  const best = fits.reduce((a, b) => (b.merit > a.merit ? b : a))
  return { ...best, period: rowCount(best.fitted.template) * pooling, pooling }
}

function merit(rows: FeatureRows, fitted: FittedCycle): number {
  const { taken, all } = heldOutByCycle(rows, fitted)
  const sum = (values: Float64Array) => values.reduce((a, b) => a + b, 0)
  return sum(all) > 0 ? (sum(taken) - fitted.path.cost) / sum(all) : 0
}

/**
 * A part of the best length that foretells this much of what that does is the cycle: two cycles in one foretell as much
 * as one, and alternate cycles that differ in one step of four a little more.
 */
const NEARLY = 0.9

/** Parts of the best length that are looked at. */
const PARTS = [4, 3, 2]

/** Lengths that differ by less are the same. */
const SAME = 1.12

/** The length that foretells most, or the least part of it that foretells nearly as much. */
export function choosePeriod(tried: readonly TriedPeriod[]): TriedPeriod {
  const inOrder = tried.toSorted((a, b) => b.merit - a.merit)
  const best = inOrder[0]!
  for (const part of PARTS) {
    const near = inOrder.find(({ period }) => Math.abs(Math.log((period * part) / best.period)) < Math.log(SAME))
    if (near && near.merit >= NEARLY * best.merit) return near
  }
  return best
}
