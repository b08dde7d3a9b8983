import { judgeSteps, type StepFlags, type TaskRule } from './cycle-flags.ts'
import type { UtcMs } from './grid.ts'
import { type DecodedInterval, seenMs } from './interval.ts'
import { type ProcessTree, stepsOfLevel } from './process.ts'
import { mergeRanges, overlapMs, type Range } from './range.ts'

/**
 * What the time of a cycle went to, whole milliseconds. Together they are all of it: where nothing is unseen,
 *   durationMs = workMs + idleMs.
 */
export interface CycleTime {
  /** In its tasks, each as long as it was measured. Of a censored task, what was seen of it. */
  readonly workMs: number
  /** In none of them, in front of a camera: waiting between tasks, and from the last one to the next cycle. */
  readonly idleMs: number
  /** The part of `idleMs` after the last task. */
  readonly idleAfterMs: number
  /** Without video. */
  readonly unseenMs: number
}

/** One run of a station's process: from its first step to the next first step. */
export interface CycleDraft extends StepFlags, CycleTime {
  /** Counts the cycles of a station's run from 0. */
  readonly ordinal: number
  readonly startUtcMs: UtcMs
  /** `null` while the cycle is open. */
  readonly endUtcMs: UtcMs | null
  /** `null` while the cycle is open, when it is censored, or when the evidence of a step that bounds it is weak. */
  readonly durationMs: number | null
  /** Standard deviation of the duration, from those of the two boundaries, ms; `null` when there is no duration. */
  readonly durationSdMs: number | null
  /** True when video is missing somewhere in it. */
  readonly censored: boolean
  readonly intervalOrdinals: readonly number[]
}

/** The steps of a process in their order, as a cycle is judged by them. */
export interface CycleRule {
  readonly opensCycle: (step: string) => boolean
  readonly steps: readonly TaskRule[]
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
> &
  // Left out of what an earlier version carried.
  Partial<Pick<DecodedInterval, 'evidence'>>

/** What has to be remembered between two batches. Plain JSON. */
export interface CycleCarry {
  readonly nextOrdinal: number
  /** The final intervals of the open cycle, in order; empty before the first cycle. */
  readonly open: readonly CycleInterval[]
  /** Whether missing video was seen in the open cycle. */
  readonly gapSeen: boolean
  /** Missing video of the open cycle between its intervals, and after the last one, ms. Left out by earlier versions. */
  readonly unseenMs?: number
  readonly unseenAfterMs?: number
}

/** A cycle with more steps than this lost its end: it is closed as censored, and the next first step begins another. */
const mostIntervals = 1000

export const noCycleYet: CycleCarry = { nextOrdinal: 0, open: [], gapSeen: false, unseenMs: 0, unseenAfterMs: 0 }

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
  const gaps = mergeRanges(batch.gaps)
  const closed: CycleDraft[] = []
  let { carry } = batch
  let since = carry.open.at(-1)?.endUtcMs ?? Number.NEGATIVE_INFINITY
  for (const interval of batch.intervals) {
    carry = withUnseen(carry, gaps, { startUtcMs: since, endUtcMs: interval.startUtcMs })
    if (rule.opensCycle(interval.step)) {
      if (carry.open.length) closed.push(closeCycle(carry, interval, rule))
      carry = { ...noCycleYet, nextOrdinal: carry.nextOrdinal + (carry.open.length ? 1 : 0), open: [interval] }
    } else if (carry.open.length === mostIntervals) {
      closed.push({ ...openCycle(carry, rule, since), endUtcMs: since, censored: true })
      carry = { ...noCycleYet, nextOrdinal: carry.nextOrdinal + 1 }
    } else if (carry.open.length) carry = withInterval(carry, interval)
    since = interval.endUtcMs
  }
  carry = withUnseen(carry, gaps, { startUtcMs: since, endUtcMs: Number.POSITIVE_INFINITY })
  return { closed, open: carry.open.length ? openCycle(carry, rule, null) : null, carry }
}

/** Adds the missing video after the last interval of the open cycle. */
function withUnseen(carry: CycleCarry, gaps: readonly Range[], after: Range): CycleCarry {
  if (carry.open.length === 0) return carry
  const unseenMs = gaps.reduce((sum, gap) => sum + overlapMs(gap, after), 0)
  return unseenMs > 0 ? { ...carry, gapSeen: true, unseenAfterMs: (carry.unseenAfterMs ?? 0) + unseenMs } : carry
}

const withInterval = (carry: CycleCarry, interval: CycleInterval): CycleCarry => ({
  ...carry,
  open: [...carry.open, interval],
  unseenMs: unseenOf(carry),
  unseenAfterMs: 0,
})

const unseenOf = ({ unseenMs = 0, unseenAfterMs = 0 }: CycleCarry): number => unseenMs + unseenAfterMs

/** The cycle up to `untilMs`, or to its last interval's end while nobody knows how long it will be idle. */
function openCycle(carry: CycleCarry, rule: CycleRule, untilMs: UtcMs | null): CycleDraft {
  const { nextOrdinal, open, gapSeen } = carry
  return {
    ordinal: nextOrdinal,
    startUtcMs: open[0]!.startUtcMs,
    endUtcMs: null,
    durationMs: null,
    durationSdMs: null,
    censored: gapSeen || open.some(interval => interval.censored !== 'none'),
    intervalOrdinals: open.map(interval => interval.ordinal),
    ...timeOf(carry, untilMs),
    ...judgeSteps(
      open.map(interval => interval.step),
      rule.steps,
    ),
  }
}

function timeOf(carry: CycleCarry, untilMs: UtcMs | null): CycleTime {
  const { open, unseenAfterMs = 0 } = carry
  const lastEndMs = open.at(-1)!.endUtcMs
  const inTasksMs = open.reduce((sum, { startUtcMs, endUtcMs }) => sum + endUtcMs - startUtcMs, 0)
  const betweenMs = lastEndMs - open[0]!.startUtcMs - inTasksMs - (unseenOf(carry) - unseenAfterMs)
  const idleAfterMs = untilMs === null ? 0 : untilMs - lastEndMs - unseenAfterMs
  return {
    // UTC is slewed, the media clock is not: where a task was measured in media time, that is how long it took.
    workMs: open.reduce((sum, interval) => sum + seenMs(interval), 0),
    idleMs: betweenMs + idleAfterMs,
    idleAfterMs,
    unseenMs: untilMs === null ? unseenOf(carry) - unseenAfterMs : unseenOf(carry),
  }
}

function closeCycle(carry: CycleCarry, next: CycleInterval, rule: CycleRule): CycleDraft {
  const endUtcMs = next.startUtcMs
  const cycle = openCycle(carry, rule, endUtcMs)
  const censored = cycle.censored || next.censored === 'start' || next.censored === 'both'
  const first = carry.open[0]!
  const isMeasured = !censored && first.evidence !== 'weak' && next.evidence !== 'weak'
  return {
    ...cycle,
    censored,
    endUtcMs,
    durationMs: isMeasured ? cycle.workMs + cycle.idleMs : null,
    durationSdMs: isMeasured ? Math.hypot(first.startSdMs, next.startSdMs) : null,
  }
}
