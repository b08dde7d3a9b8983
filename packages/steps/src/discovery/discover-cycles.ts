import { type FeatureRows, rowCount } from '../temporal-head/feature-rows.ts'
import { crossings } from './crossings.ts'
import { type CycleStart, cycleStart } from './cycle-start.ts'
import { type FittedCycle, refineCycle } from './cycle-template.ts'
import { fullTemplate } from './full-template.ts'
import { heldOutByCycle } from './held-out.ts'
import { choosePeriod, FINE_GRID, type TriedPeriod, tryPeriods } from './search-period.ts'
import { seenRows } from './seen-rows.ts'
import { shuffledBlocks } from './shuffled-blocks.ts'

/** One run of the work, rows `[start, end)`. */
export type FoundCycle = {
  readonly start: number
  readonly end: number
  /** False where the recording cuts it. */
  readonly whole: boolean
  /** How much of it the other cycles foretell, beside the median cycle: 0 to 1. */
  readonly certainty: number
}

/** What speaks for a cycle, and against. */
export type CycleEvidence = {
  /** Share of what happens that the other cycles foretell, less the price of uneven tempo. */
  readonly foretold: number
  /** The most that a cycle at least a fifth shorter foretells. */
  readonly foretoldByShorter: number
  /** The most that any cycle foretells of the same recording with its parts in random order. */
  readonly foretoldByChance: number
}

export type CyclesFound = {
  readonly found: true
  readonly start: CycleStart
  readonly cycles: readonly FoundCycle[]
  readonly evidence: CycleEvidence
  /** The mean cycle, and the walk through it. */
  readonly fitted: FittedCycle
}

export type NoCycles = {
  readonly found: false
  readonly reason: 'nothing-repeats' | 'too-short' | 'nothing-changes'
  readonly evidence: CycleEvidence | null
}

/** Reach of the normalisation before a period is known, s. */
const FIRST_REACH_SECONDS = 30

/** A cycle is longer than this, s. */
const LEAST_CYCLE_SECONDS = 3

/** Nothing repeats in less than this many of the shortest cycles. */
const LEAST_CYCLES = 3

/** Between the lengths of cycle that are tried on the shuffled recording. */
const COARSE_GRID = 1.3

/** Parts that are shuffled, as a share of the period. */
const BLOCK = 0.25

/** A cycle of which others foretell less than this share of what they do of the median cycle is no cycle of this work. */
const LEAST_CERTAINTY = 0.2

/** A recording's edge may be this share of a cycle away from the border of a whole one. */
const NEAR_BORDER = 0.06

/** What is shorter by less than this is the same length. */
const SHORTER = 1.2

/** Cycles foretell at least this much more of what happens than by chance. */
const LEAST_FORETOLD = 0.05

/**
 * What cycles foretell to what they do not, as odds, is at least `BEYOND_CHANCE` times the odds of the shuffled
 * recording, and together with how many times it is the odds of the best shorter cycle, at most twice, `IN_ALL`. On
 * films and synthetic work it was 1.87 and 2.9 at the least; on the same in pieces of 4 to 10 s in random order, which
 * have a shape but no cycle, 1.93 and 2.4 at the most, no recording above both.
 */
const BEYOND_CHANCE = 1.7
const IN_ALL = 2.6
const MOST_BY_SHORTER = 2

/** Cycles of features `[time, dim]` of `rowSeconds` a row, by themselves. Throws the signal's reason when aborted. */
export async function discoverCycles(
  features: FeatureRows,
  { rowSeconds, signal }: { readonly rowSeconds: number; readonly signal?: AbortSignal | undefined },
): Promise<CyclesFound | NoCycles> {
  const leastRows = Math.max(4, Math.ceil(LEAST_CYCLE_SECONDS / rowSeconds))
  if (rowCount(features) < LEAST_CYCLES * leastRows) return { found: false, reason: 'too-short', evidence: null }
  const seen = seenRows(features, { reachSeconds: FIRST_REACH_SECONDS, rowSeconds })
  if (seen.values.every(value => value === 0)) return { found: false, reason: 'nothing-changes', evidence: null }
  const tried = await tryPeriods(seen, { leastRows, grid: FINE_GRID, signal })
  const chosen = choosePeriod(tried)
  const shuffled = shuffledBlocks(seen, { blockRows: BLOCK * chosen.period, seed: 1 })
  const byChance = await tryPeriods(shuffled, { leastRows, grid: COARSE_GRID, signal })
  const shorter = tried.filter(({ period }) => period * SHORTER < chosen.period)
  const evidence = {
    foretold: chosen.merit,
    foretoldByShorter: most(shorter),
    foretoldByChance: most(byChance),
  }
  if (!beyondChance(evidence)) return { found: false, reason: 'nothing-repeats', evidence }
  const rows = seenRows(features, { reachSeconds: (chosen.period * rowSeconds) / 2, rowSeconds })
  const fitted = refineCycle(rows, fullTemplate(rows, chosen))
  const start = cycleStart(fitted)
  const cycles = cyclesBetween(rows, fitted, start)
  if (cycles.filter(({ whole }) => whole).length < 2) return { found: false, reason: 'nothing-repeats', evidence }
  return { found: true, start, cycles, evidence, fitted }
}

const most = (tried: readonly TriedPeriod[]): number => Math.max(0, ...tried.map(({ merit }) => merit))

function beyondChance({ foretold, foretoldByShorter, foretoldByChance }: CycleEvidence): boolean {
  if (foretold < foretoldByChance + LEAST_FORETOLD) return false
  const odds = (share: number) => share / (1 - share)
  const overChance = odds(foretold) / odds(foretoldByChance)
  const overShorter = Math.min(MOST_BY_SHORTER, odds(foretold) / odds(foretoldByShorter))
  return overChance >= BEYOND_CHANCE && overChance * overShorter >= IN_ALL
}

function cyclesBetween(
  rows: FeatureRows,
  fitted: FittedCycle,
  { bin: startBin, waitBins }: CycleStart,
): readonly FoundCycle[] {
  const { bins } = fitted.path
  const binCount = rowCount(fitted.template)
  const phase = (t: number) => ((bins[t]! - startBin + binCount) % binCount) / binCount
  const workEnds = 1 - waitBins / binCount - NEAR_BORDER
  const end = bins.length
  const crossed = crossings(fitted, startBin)
  const borders = [...(crossed[0] === 0 ? [] : [0]), ...crossed, end]
  const shares = certainties(rows, fitted, borders)
  return borders.slice(1).flatMap((to, index) => {
    const start = borders[index]!
    const begun = start > 0 || phase(0) <= NEAR_BORDER
    const done = to < end || phase(end - 1) >= workEnds
    const waitsOnly = start === 0 && phase(0) >= workEnds
    if (shares[index]! < LEAST_CERTAINTY || waitsOnly) return []
    return [{ start, end: to, whole: begun && done, certainty: shares[index]! }]
  })
}

function certainties(rows: FeatureRows, fitted: FittedCycle, borders: readonly number[]): readonly number[] {
  const cycles = fitted.path.cycles.map((_, t) => borders.findLastIndex(border => border <= t))
  const { gained, all } = heldOutByCycle(rows, { ...fitted, path: { ...fitted.path, cycles } })
  const shares = Array.from(gained, (own, cycle) => (all[cycle]! > 0 ? own / all[cycle]! : 0))
  const median = shares.toSorted((a, b) => a - b)[Math.floor(shares.length / 2)]!
  return shares.map(share => Math.min(1, Math.max(0, share / median)))
}
