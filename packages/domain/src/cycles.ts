import type { UtcMs } from './grid.ts'
import type { DecodedInterval } from './interval.ts'
import { type ProcessTree, stepsOfLevel } from './process.ts'
import { overlapMs, type Range } from './range.ts'

/** One run of a station's process: from its first step to the next first step. */
export interface CycleDraft {
  /** Counts the cycles of a station's run from 0. */
  readonly ordinal: number
  readonly startUtcMs: UtcMs
  /** `null` while the cycle is open. */
  readonly endUtcMs: UtcMs | null
  /** `null` while the cycle is open or when it is censored. */
  readonly durationMs: number | null
  /** Standard deviation of the duration, from those of the two boundaries, ms; `null` when there is no duration. */
  readonly durationSdMs: number | null
  /** True when video is missing somewhere in it. */
  readonly censored: boolean
  readonly intervalOrdinals: readonly number[]
  /** Expected steps that did not occur, optional ones aside. Of an open cycle: not yet. */
  readonly missingSteps: readonly string[]
  readonly repeatedSteps: readonly string[]
  /** Steps that first occurred after one which they should precede. */
  readonly outOfOrder: readonly string[]
}

/** The steps of a process in their order, as a cycle is judged by them. */
export interface CycleRule {
  readonly opensCycle: (step: string) => boolean
  readonly steps: readonly { readonly name: string; readonly optional: boolean }[]
}

/** Cycles are judged by tasks; motions are parts of them. */
export function cycleRuleOf(tree: ProcessTree): CycleRule {
  const tasks = stepsOfLevel(tree, 'task')
  const opening = tasks.find(task => task.opensCycle)
  return { opensCycle: step => step === opening?.name, steps: tasks }
}

type CycleInterval = Pick<
  DecodedInterval,
  'ordinal' | 'step' | 'startUtcMs' | 'endUtcMs' | 'durationMs' | 'startSdMs' | 'censored'
>

/** What has to be remembered between two batches. Plain JSON. */
export interface CycleCarry {
  readonly nextOrdinal: number
  /** The final intervals of the open cycle, in order; empty before the first cycle. */
  readonly open: readonly CycleInterval[]
  /** Whether missing video was seen in the open cycle. */
  readonly gapSeen: boolean
}

/** A cycle with more steps than this lost its end: it is closed as censored, and the next first step begins another. */
const mostIntervals = 1000

export const noCycleYet: CycleCarry = { nextOrdinal: 0, open: [], gapSeen: false }

/** Goes on with a station's cycles: those that the batch closes, the one that stays open, and what to carry to the next batch. */
export function cyclesOf(batch: {
  /** Final intervals, in order. */
  readonly intervals: readonly CycleInterval[]
  /** Missing video of the time that the batch decodes. */
  readonly gaps: readonly Range[]
  readonly rule: CycleRule
  readonly carry: CycleCarry
}): { closed: readonly CycleDraft[]; open: CycleDraft | null; carry: CycleCarry } {
  const { rule } = batch
  const closed: CycleDraft[] = []
  let { carry } = batch
  let since = carry.open.at(-1)?.endUtcMs ?? Number.NEGATIVE_INFINITY
  const gapUntil = (untilMs: UtcMs): boolean =>
    batch.gaps.some(gap => overlapMs(gap, { startUtcMs: since, endUtcMs: untilMs }) > 0)
  for (const interval of batch.intervals) {
    if (carry.open.length && gapUntil(interval.startUtcMs)) carry = { ...carry, gapSeen: true }
    if (rule.opensCycle(interval.step)) {
      if (carry.open.length) closed.push(closeCycle(carry, interval, rule))
      carry = { nextOrdinal: carry.nextOrdinal + (carry.open.length ? 1 : 0), open: [interval], gapSeen: false }
    } else if (carry.open.length === mostIntervals) {
      closed.push({ ...openCycle(carry, rule), endUtcMs: since, censored: true })
      carry = { nextOrdinal: carry.nextOrdinal + 1, open: [], gapSeen: false }
    } else if (carry.open.length) carry = { ...carry, open: [...carry.open, interval] }
    since = interval.endUtcMs
  }
  if (carry.open.length && gapUntil(Number.POSITIVE_INFINITY)) carry = { ...carry, gapSeen: true }
  return { closed, open: carry.open.length ? openCycle(carry, rule) : null, carry }
}

const openCycle = ({ nextOrdinal, open, gapSeen }: CycleCarry, rule: CycleRule): CycleDraft => ({
  ordinal: nextOrdinal,
  startUtcMs: open[0]!.startUtcMs,
  endUtcMs: null,
  durationMs: null,
  durationSdMs: null,
  censored: gapSeen || open.some(interval => interval.censored !== 'none'),
  intervalOrdinals: open.map(interval => interval.ordinal),
  ...judgeSteps(open, rule),
})

function closeCycle(carry: CycleCarry, next: CycleInterval, rule: CycleRule): CycleDraft {
  const cycle = openCycle(carry, rule)
  const censored = cycle.censored || next.censored === 'start' || next.censored === 'both'
  const endUtcMs = next.startUtcMs
  return {
    ...cycle,
    censored,
    endUtcMs,
    durationMs: censored ? null : endUtcMs - cycle.startUtcMs + mediaCorrectionMs(carry.open),
    durationSdMs: censored ? null : Math.hypot(carry.open[0]!.startSdMs, next.startSdMs),
  }
}

/** UTC is slewed, the media clock is not: where steps were measured in media time, the cycle takes their durations. */
const mediaCorrectionMs = (intervals: readonly CycleInterval[]): number =>
  intervals.reduce((sum, i) => sum + (i.durationMs === null ? 0 : i.durationMs - (i.endUtcMs - i.startUtcMs)), 0)

function judgeSteps(
  intervals: readonly CycleInterval[],
  rule: CycleRule,
): Pick<CycleDraft, 'missingSteps' | 'repeatedSteps' | 'outOfOrder'> {
  const names = intervals.map(interval => interval.step)
  const occurred = new Set(names)
  const expected = rule.steps.map(step => step.name)
  let furthest = -1
  const outOfOrder: string[] = []
  for (const name of occurred) {
    const position = expected.indexOf(name)
    if (position >= 0 && position < furthest) outOfOrder.push(name)
    furthest = Math.max(furthest, position)
  }
  return {
    missingSteps: rule.steps.filter(step => !step.optional && !occurred.has(step.name)).map(step => step.name),
    repeatedSteps: [...occurred].filter(name => names.indexOf(name) !== names.lastIndexOf(name)),
    outOfOrder,
  }
}
