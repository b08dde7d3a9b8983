import { dirname } from 'node:path'
import { blobKeys } from '@takt/blobs'
import { findKeptSegment, type KeptSegment, keepSegment } from '@takt/db'
import type { ClockDiagnosis, Placement } from '@takt/domain'
import { removeSegment } from '../spool/remove-segment.ts'
import { type SpooledSegment, segmentFacts } from '../spool/spooled-segment.ts'
import type { KeepContext, KeptCamera } from './keep-context.ts'
import type { KeepItem } from './keep-item.ts'
import { chainEnd, type KeepState } from './keep-state.ts'
import { catchUp, placeSpooled } from './place-spooled.ts'
import { planObserved } from './plan-coverage.ts'
import { reportCoverage } from './report-coverage.ts'
import { requestEmbedding } from './request-embedding.ts'
import { saveClock } from './session-clock.ts'

type Captured = Extract<KeepItem, { kind: 'segment' }>

/**
 * Keeps one segment: upload, then the transaction, then the spool is relieved. Every step may have been done before,
 * by a try that failed later or by a run that was killed. Throws what the store and Postgres throw.
 */
export async function keepCaptured(
  context: KeepContext,
  camera: KeptCamera,
  state: KeepState,
  item: Captured,
): Promise<KeepState> {
  const unsure = state.coveredUntilMs === undefined
  const coveredUntilMs = await chainEnd(context, camera, state)
  const earlier = unsure ? await findKeptSegment(context.db, item.segment) : undefined
  if (earlier) {
    const clock = await catchUp(state, item, earlier.startUtcMs)
    return settle(context, item, { ...state, coveredUntilMs, outages: [], clock })
  }

  const placed = await placeSpooled(state, item, { coveredUntilMs, nowMs: context.nowMs() })
  if (placed.superseded) {
    context.events.segmentSuperseded(namesOf(item.segment))
    return settle(context, item, { ...state, coveredUntilMs })
  }
  const { clock, placement, diagnosis } = placed
  const key = blobKeys.segment(item.segment)
  await context.blobs.put(key, { path: item.path }, { contentType: 'video/mp4', ifAbsent: true })
  const coverage = planObserved({ camera: camera.id, coveredUntilMs, placement, outages: state.outages })
  const row = keptRow(item.segment, { placement, diagnosis, key })
  const { id, kept, pending } = await keepSegment(context.db, row, coverage, coveredUntilMs)
  if (kept) {
    reportCoverage(context, camera, coverage)
    report(context, camera, { segment: item.segment, id, placement, diagnosis })
    if (pending.length > 0) requestEmbedding(context, id, placement.endUtcMs)
  }
  return settle(context, item, { coveredUntilMs: placement.endUtcMs, outages: [], clock })
}

/** The segment needs the spool no longer. The clock is saved first, so that it never lacks a segment that is gone. */
async function settle({ spool }: KeepContext, { path }: Captured, state: KeepState): Promise<KeepState> {
  if (state.clock) await saveClock(dirname(path), state.clock)
  await removeSegment(path)
  spool.release(path)
  return state
}

const namesOf = (segment: SpooledSegment) => ({
  cameraId: segment.camera,
  sessionId: segment.session,
  sequence: segment.sequence,
})

const keptRow = (
  segment: SpooledSegment,
  { placement, diagnosis, key }: { placement: Placement; diagnosis: ClockDiagnosis; key: string },
): KeptSegment => ({
  ...segmentFacts(segment),
  ...placement,
  camera: segment.camera,
  sessionStartedAtMs: segment.sessionStartedAtMs,
  objectKey: key,
  bytes: segment.bytes,
  codec: segment.codec,
  width: segment.width,
  height: segment.height,
  hostOffsetMs: diagnosis.hostOffsetMs,
  senderReportOffsetMs: diagnosis.senderReportOffsetMs,
})

function report(
  { metrics, events, nowMs }: KeepContext,
  { name }: KeptCamera,
  kept: { segment: SpooledSegment; id: string; placement: Placement; diagnosis: ClockDiagnosis },
): void {
  const { segment, id, placement, diagnosis } = kept
  const lagMs = nowMs() - placement.endUtcMs
  metrics.segments.inc({ camera: name })
  metrics.segmentBytes.inc({ camera: name }, segment.bytes)
  metrics.lag.observe(Math.max(0, lagMs / 1000))
  metrics.clockUntrusted.set({ camera: name }, diagnosis.clockUntrusted ? 1 : 0)
  if (diagnosis.senderReportOffsetMs !== null)
    metrics.clockOffset.set({ camera: name }, (diagnosis.senderReportOffsetMs - diagnosis.hostOffsetMs) / 1000)
  events.segmentKept({ ...namesOf(segment), segmentId: id, bytes: segment.bytes, lagMs, clock: placement.source })
}
