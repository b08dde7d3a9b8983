import { randomBytes } from 'node:crypto'
import {
  commitRevision,
  type Publication,
  type RevisionWork,
  type RunStretch,
  readPublished,
  releasedHead,
  runAt,
} from '@takt/db'
import { type Range, slotOf, slotStartMs, uuidRandomBytes, uuidV7, widenWindow } from '@takt/domain'
import { fromIntervalMessage } from '@takt/rpc'
import { cycleRuleOf } from './plan-commit.ts'
import { planRevision } from './plan-revision.ts'
import type { RecorderContext } from './record-station.ts'

/** How far around a window is decoded at first, and at most, until the old and the new path meet, ms. */
const firstMarginMs = 3 * 60_000
const mostMarginMs = 24 * 60_000

/** A window of an hour is decoded in seconds. */
const decodeWithinMs = 120_000

/**
 * Decodes anew what a station's requests ask for and publishes what differs. The window is widened until both paths
 * meet at cycle starts, within the run that it lies in: so a healed gap changes no more than it has to.
 */
export async function reviseStation(context: RecorderContext, work: RevisionWork): Promise<void> {
  const { db, events, metrics, now } = context
  const run = await runAt(db, work.station, work.startUtcMs)
  const newId = () => uuidV7(now(), randomBytes(uuidRandomBytes))
  const plan = run ? await planWindow(context, work, run, newId) : null
  const publications = plan?.publications ?? []
  const range = plan?.range ?? work
  const outcome = await commitRevision(db, {
    station: work.station,
    fromMs: range.startUtcMs,
    toMs: range.endUtcMs,
    seen:
      plan?.seen ??
      (await readPublished(db.pool, { station: work.station, fromMs: work.startUtcMs, toMs: work.endUtcMs })),
    publications,
    requests: work.requests,
    outcome: run ? `${publications.length} changes` : 'before the first run',
  })
  if (outcome === 'stale') return
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

async function planWindow(
  { db, segmenter }: RecorderContext,
  work: RevisionWork,
  run: RunStretch,
  newId: () => string,
) {
  const released = await releasedHead(db, run.release)
  const { opensCycle } = cycleRuleOf(released)
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
      { timeoutMs: decodeWithinMs },
    )
    const seen = await readPublished(db.pool, { station: work.station, fromMs: range.startUtcMs, toMs: range.endUtcMs })
    const redecoded = answer.intervals.map(fromIntervalMessage)
    const nameOf = new Map(released.steps.map(step => [step.id, step.name]))
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
    const gaps = answer.gaps.map(gap => ({
      startUtcMs: slotStartMs(Number(gap.startSlot)),
      endUtcMs: slotStartMs(Number(gap.endSlot)),
    }))
    const publications = planRevision({
      published: seen,
      redecoded,
      gaps,
      window,
      run,
      released,
      reason: work.reason,
      newId,
    })
    return { range, seen, publications }
  }
}
