import { type Commit, type CycleRow, type IntervalRow, namedId, type ReleasedHead, type StoredCursor } from '@takt/db'
import {
  type CycleDraft,
  type CycleRule,
  cyclesOf,
  type DecodedInterval,
  type IntervalContent,
  noCycleYet,
  planSwitch,
  type Range,
  type Release,
  type SlotKey,
  type Switch,
  slotStartMs,
} from '@takt/domain'
import { capCycle } from './cap-length.ts'
import { recorderError } from './recorder-errors.ts'

/** A batch as it came from the segmenter, in the domain's words. */
export interface ReceivedBatch {
  readonly from: number
  readonly decodedThrough: number
  readonly nextOrdinal: number
  readonly checkpoint: Uint8Array
  readonly completeThrough: number
  readonly finals: readonly DecodedInterval[]
  readonly provisionals: readonly DecodedInterval[]
  readonly late: readonly SlotKey[]
  readonly gaps: readonly Range[]
}

/** The steps of a released head as cycles are judged by them. */
export const cycleRuleOf = ({ steps }: Pick<ReleasedHead, 'steps'>): CycleRule => {
  const openers = new Set(steps.filter(step => step.opensCycle).map(step => step.name))
  return { opensCycle: name => openers.has(name), steps: steps.filter(step => step.level === 'task') }
}

/**
 * What a batch means for Postgres: its intervals and the cycles that they close, and where a newer release takes over,
 * the end of the run and the start of the next.
 */
export function planCommit(at: {
  readonly cursor: StoredCursor
  readonly batch: ReceivedBatch
  readonly released: ReleasedHead
  /** The newest release whose instant has come. */
  readonly newest: Pick<Release, 'id' | 'effectiveFromMs'> | null
}): Commit {
  const { cursor, batch, released } = at
  const rule = cycleRuleOf(released)
  const takeover = takeoverOf(at, rule)
  const kept = takeover ? takeover.keep : batch.finals
  // The interval that opens the next run's first cycle closes this run's last one, and belongs to the next run.
  const closing = takeover ? batch.finals.filter(interval => interval.startSlot === takeover.fromSlot).slice(0, 1) : []
  const cycles = cyclesOf({ intervals: [...kept, ...closing], gaps: batch.gaps, rule, carry: cursor.cycleCarry })
  const drafts = cycles.open ? [...cycles.closed, cycles.open] : cycles.closed
  return {
    station: cursor.station,
    run: cursor.run,
    from: batch.from,
    ...(takeover
      ? openNextRun(cursor, takeover, at.newest!.id)
      : { opens: null, next: { run: cursor.run, ...advanced(batch), cycleCarry: cycles.carry } }),
    intervals: kept.map(interval => intervalRow(interval, cursor, released, drafts)),
    cycles: cycles.closed.map(draft => cycleRow(draft, cursor, released)),
    provisionals: takeover ? [] : batch.provisionals.map(interval => provisionalDocument(interval, released)),
    late: batch.late,
  }
}

const takeoverOf = (
  { cursor, batch, released, newest }: Parameters<typeof planCommit>[0],
  rule: CycleRule,
): Switch | null => {
  const decodedThroughMs = slotStartMs(batch.decodedThrough)
  return planSwitch({
    current: { id: cursor.release },
    next: newest,
    finals: batch.finals,
    opensCycle: rule.opensCycle,
    decodedThroughMs,
    waitedMs: newest ? decodedThroughMs - newest.effectiveFromMs : 0,
    cycleMs: cycleMsOf(released),
  })
}

/** How long a cycle should take, if every step of the process says so. */
const cycleMsOf = ({ steps }: ReleasedHead): number | null => {
  const tasks = steps.filter(step => step.level === 'task')
  return tasks.every(step => step.expectedMs !== null) ? tasks.reduce((sum, step) => sum + step.expectedMs!, 0) : null
}

const advanced = ({ decodedThrough, nextOrdinal, checkpoint, completeThrough }: ReceivedBatch) => ({
  decodedThrough,
  nextOrdinal,
  checkpoint,
  completeThrough,
})

function openNextRun(cursor: StoredCursor, { fromSlot }: Switch, release: string): Pick<Commit, 'opens' | 'next'> {
  const run = namedId(release, `run from slot ${fromSlot} after ${cursor.run}`)
  return {
    opens: { run, release, fromSlot },
    next: {
      run,
      decodedThrough: fromSlot,
      nextOrdinal: 0,
      checkpoint: new Uint8Array(),
      completeThrough: fromSlot,
      cycleCarry: noCycleYet,
    },
  }
}

export const cycleIdOf = (run: string, ordinal: number): string => namedId(run, `cycle ${ordinal}`)

function intervalRow(
  interval: DecodedInterval,
  { station, run }: StoredCursor,
  released: ReleasedHead,
  cycles: readonly CycleDraft[],
): IntervalRow {
  const cycle = cycles.find(draft => draft.intervalOrdinals.includes(interval.ordinal))
  return {
    id: namedId(run, `interval ${interval.ordinal}`),
    anchorAt: interval.startUtcMs,
    stationId: station,
    runId: run,
    ordinal: interval.ordinal,
    releaseId: released.release,
    stepId: stepIdOf(interval.step, released),
    cycleId: cycle ? cycleIdOf(run, cycle.ordinal) : null,
    ...timesOf(interval),
    author: 'machine',
    revision: 1,
  }
}

/** The columns of a row that a decoder decides. */
export const timesOf = (interval: IntervalContent) => ({
  startsAt: interval.startUtcMs,
  endsAt: interval.endUtcMs,
  durationMs: interval.durationMs,
  durationSource: interval.durationSource,
  durationSdMs: interval.durationMs === null ? null : interval.durationSdMs,
  startSdMs: interval.startSdMs,
  endSdMs: interval.endSdMs,
  absoluteErrorMs: interval.absoluteErrorMs,
  confidence: interval.confidence,
  censored: interval.censored,
  evidence: interval.evidence,
  motions: interval.motions,
})

export function stepIdOf(name: string, { steps, head }: ReleasedHead): string {
  const step = steps.find(candidate => candidate.name === name)
  if (!step) throw recorderError('step-of-no-process', { head, step: name })
  return step.id
}

export function cycleRow(
  draft: CycleDraft,
  { station, run }: Pick<StoredCursor, 'station' | 'run'>,
  released: Pick<ReleasedHead, 'release'>,
): CycleRow {
  return {
    id: cycleIdOf(run, draft.ordinal),
    anchorAt: draft.startUtcMs,
    stationId: station,
    runId: run,
    ordinal: draft.ordinal,
    releaseId: released.release,
    ...cycleContent(draft),
    revision: 1,
  }
}

/** The columns of a row that the intervals of a closed cycle decide. */
export const cycleContent = (closed: CycleDraft) => {
  const draft = capCycle(closed)
  return {
    startsAt: draft.startUtcMs,
    endsAt: draft.endUtcMs!,
    durationMs: draft.durationMs === null ? null : Math.round(draft.durationMs),
    durationSdMs: draft.durationSdMs === null ? null : Math.round(draft.durationSdMs),
    censored: draft.censored ? ('both' as const) : ('none' as const),
    workMs: Math.round(draft.workMs),
    idleMs: Math.round(draft.idleMs),
    idleAfterMs: Math.round(draft.idleAfterMs),
    unseenMs: Math.round(draft.unseenMs),
    missing: draft.missingSteps,
    repeated: draft.repeatedSteps,
    interrupted: draft.interruptedSteps,
    extra: draft.extraSteps,
    misplaced: draft.outOfOrder,
    outOfOrder: draft.outOfOrder.length > 0,
  }
}

const provisionalDocument = (interval: DecodedInterval, released: ReleasedHead) => ({
  stepId: stepIdOf(interval.step, released),
  step: interval.step,
  startTime: new Date(interval.startUtcMs).toISOString(),
  endTime: new Date(interval.endUtcMs).toISOString(),
  durationMs: interval.durationMs,
  startSdMs: interval.startSdMs,
  endSdMs: interval.endSdMs,
  confidence: interval.confidence,
  censored: interval.censored,
  evidence: interval.evidence,
})
