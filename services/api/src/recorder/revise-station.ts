import { randomBytes } from 'node:crypto'
import {
  commitRevision,
  type Publication,
  postponeRevision,
  type RevisionWork,
  type RunStretch,
  readPublished,
  readRemovals,
  releasedHead,
  runsWithin,
} from '@takt/db'
import {
  belongingTo,
  type Range,
  slotOf,
  slotStartMs,
  stepMs,
  uuidRandomBytes,
  uuidV7,
  widenWindow,
} from '@takt/domain'
import { fromIntervalMessage } from '@takt/rpc'
import { capInterval } from './cap-length.ts'
import { cycleRuleOf } from './plan-commit.ts'
import { planRevision } from './plan-revision.ts'
import type { RecorderContext } from './record-station.ts'

/** How far around a window is decoded at first, and at most, until the old and the new path meet, ms. */
const firstMarginMs = 3 * 60_000
const mostMarginMs = 24 * 60_000

/** A window of an hour is decoded in seconds. */
const decodeWithinMs = 120_000

/**
 * Decodes anew what a stretch's requests ask for and publishes what differs, run by run; the requests are fulfilled with
 * the last one. Where a run cannot be revised yet, they stay open. Done twice it changes nothing more.
 */
export async function reviseStation(context: RecorderContext, work: RevisionWork, signal: AbortSignal): Promise<void> {
  const { db } = context
  const runs = await runsWithin(db, work.station, work)
  if (runs.length === 0) {
    const range = { station: work.station, fromMs: work.startUtcMs, toMs: work.endUtcMs }
    const seen = await readPublished(db.pool, range)
    await commitRevision(db, {
      ...range,
      seen,
      publications: [],
      requests: work.requests,
      outcome: 'before the first run',
    })
  }
  for (const run of runs) {
    signal.throwIfAborted()
    const fulfilled = run === runs.at(-1) ? work.requests : []
    if ((await reviseRun(context, { work, run, fulfilled, signal })) !== 'committed') return
  }
}

/** Revises the part of the work that lies in a run. `unsettled`: it has to wait for more video; `stale`: another was first. */
async function reviseRun(
  context: RecorderContext,
  part: {
    readonly work: RevisionWork
    readonly run: RunStretch
    readonly fulfilled: readonly bigint[]
    readonly signal: AbortSignal
  },
): Promise<'committed' | 'stale' | 'unsettled'> {
  const { db } = context
  const { work, run, fulfilled, signal } = part
  const plan = await planWindow(context, work, run, signal)
  if (!plan) {
    await postponeRevision(db, work.requests)
    return 'unsettled'
  }
  const { publications, stretch, seen } = plan
  const outcome = await commitRevision(db, {
    ...stretch,
    seen,
    publications,
    requests: fulfilled,
    outcome: `${publications.length} changes`,
  })
  if (outcome === 'committed') tell(context, work, publications)
  return outcome
}

function tell({ events, metrics }: RecorderContext, work: RevisionWork, publications: readonly Publication[]): void {
  const count = (entity: Publication['entity'], kind: Publication['kind']) =>
    publications.filter(publication => publication.entity === entity && publication.kind === kind).length
  for (const { kind } of publications) metrics.revised.inc({ kind })
  events.windowRevised({
    station: work.name,
    reason: work.reason,
    revised: count('interval', 'revised'),
    created: count('interval', 'final'),
    removed: count('interval', 'tombstone'),
    cycles: publications.filter(({ entity }) => entity === 'cycle').length,
  })
}

/**
 * Widens the window until both paths meet at cycle starts, within the run: so a healed gap changes no more than it has
 * to. Null while the new path of the window is not decided, or has a step under way at its end.
 */
async function planWindow(
  { db, segmenter, now }: RecorderContext,
  work: RevisionWork,
  run: RunStretch,
  signal: AbortSignal,
) {
  const released = await releasedHead(db, run.release)
  const { opensCycle } = cycleRuleOf(released)
  const nameOf = new Map(released.steps.map(step => [step.id, step.name]))
  const within = (ms: number): number => Math.min(Math.max(ms, run.fromMs), run.toMs)
  for (let marginMs = firstMarginMs; ; marginMs *= 2) {
    const range: Range = {
      startUtcMs: within(work.startUtcMs - marginMs),
      endUtcMs: within(work.endUtcMs + marginMs),
    }
    const answer = await segmenter.segmentWindow(
      {
        stationId: work.station,
        releaseId: run.release,
        fromSlot: BigInt(slotOf(range.startUtcMs)),
        toSlot: BigInt(slotOf(range.endUtcMs)),
      },
      { timeoutMs: decodeWithinMs, signal },
    )
    if (!answer.whole) return null
    // One slot more: the interval that opens the next run's first cycle closes this run's last one.
    const stretch = { station: work.station, fromMs: range.startUtcMs, toMs: range.endUtcMs + stepMs }
    const seen = await readPublished(db.pool, stretch)
    const redecoded = belongingTo(slotOf(run.fromMs), answer.intervals.map(fromIntervalMessage)).map(capInterval)
    const window = widenWindow({
      window: { startUtcMs: within(work.startUtcMs), endUtcMs: within(work.endUtcMs) },
      available: range,
      current: seen.intervals.map(row => ({ step: nameOf.get(row.stepId) ?? '', startUtcMs: row.startsAt })),
      redecoded,
      opensCycle,
    })
    const settled =
      (window.startSettled || range.startUtcMs === run.fromMs) && (window.endSettled || range.endUtcMs === run.toMs)
    if (!settled && marginMs < mostMarginMs) continue
    const publications = planRevision({
      published: seen,
      redecoded,
      removals: await readRemovals(db.pool, stretch),
      gaps: answer.gaps.map(gap => ({
        startUtcMs: slotStartMs(Number(gap.startSlot)),
        endUtcMs: slotStartMs(Number(gap.endSlot)),
      })),
      window,
      run,
      released,
      reason: work.reason,
      newId: () => uuidV7(now(), randomBytes(uuidRandomBytes)),
    })
    return { stretch, seen, publications }
  }
}
