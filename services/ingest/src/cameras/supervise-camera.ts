import { randomBytes } from 'node:crypto'
import type { IngestCamera } from '@takt/db'
import { type LossReason, uuidRandomBytes, uuidV7 } from '@takt/domain'
import { type BackoffOptions, backoffMs, sleep } from '@takt/service/loop'
import type { IngestEvents } from '../events.ts'
import type { Keeper } from '../keep/keeper.ts'
import type { IngestMetrics } from '../metrics.ts'
import type { Spool } from '../spool/spool.ts'
import { type CameraVerdict, judgeError, judgeOutcome } from './camera-outcomes.ts'
import { type CaptureSettings, runSession } from './run-session.ts'
import type { StateBoard } from './state-board.ts'

export interface SuperviseOptions {
  readonly camera: IngestCamera
  /** Opens the camera's sealed URL. Throws `seal-broken`. */
  readonly openUrl: (camera: IngestCamera) => string
  readonly settings: CaptureSettings
  readonly reconnect: BackoffOptions
  readonly spool: Spool
  readonly keeper: Keeper
  readonly board: StateBoard
  readonly events: IngestEvents
  readonly metrics: IngestMetrics
  readonly nowMs: () => number
  readonly signal: AbortSignal
}

/** An outage so long is written off while it lasts; a shorter one when video is back, to the millisecond. */
const settleAfterMs = 15_000

/**
 * Runs one camera until `signal` aborts: session after session, with a jittered, capped wait between them. Every end is
 * judged by one table, shown as the camera's state, and told to the keeper as the reason for the time that is missing.
 */
export async function superviseCamera(options: SuperviseOptions): Promise<void> {
  const { camera, spool, keeper, board, metrics, nowMs, signal } = options
  if (!camera.enabled) return superviseDisabled(options)
  board.show(camera, 'starting', null)
  let lastVideoMs = nowMs()
  let missing: LossReason | null = null
  let failures = 0
  let spoolFilled = false

  const lose = (reason: LossReason) => {
    missing = reason
    keeper.add({ kind: 'outage', reason, untilMs: nowMs(), settled: nowMs() - lastVideoMs >= settleAfterMs })
  }
  const onTaken = () => {
    missing = null
    lastVideoMs = nowMs()
    board.show(camera, 'streaming', null)
  }

  while (!signal.aborted) {
    if (spoolFilled || spool.isFull) {
      board.show(camera, 'spool-full', null)
      await spool.waitForRoom(signal)
      lose('spool-full')
      spoolFilled = false
      continue
    }
    const end = await trySession(options, onTaken)
    spoolFilled = end.spoolFilled
    if (end.verdict === null) continue
    board.show(camera, end.verdict.state, end.reason)
    lose(end.verdict.loss)
    failures = end.segments > 0 ? 1 : failures + 1
    await sleep(backoffMs(failures, Math.random(), options.reconnect), signal)
    if (!signal.aborted) metrics.reconnects.inc({ camera: camera.name })
  }
  if (missing) keeper.add({ kind: 'outage', reason: missing, untilMs: nowMs(), settled: true })
}

/** A camera that is switched off loses its time to that, however long it lasts. */
async function superviseDisabled({ camera, board, keeper, nowMs, signal }: SuperviseOptions): Promise<void> {
  board.show(camera, 'disabled', null)
  await aborted(signal)
  keeper.add({ kind: 'outage', reason: 'disabled', untilMs: nowMs(), settled: false })
}

interface TriedSession {
  /** `null` when ingest itself ended the session. */
  readonly verdict: CameraVerdict | null
  readonly reason: string
  readonly segments: number
  readonly spoolFilled: boolean
}

async function trySession(options: SuperviseOptions, onTaken: () => void): Promise<TriedSession> {
  const { camera, nowMs } = options
  const startedAtMs = nowMs()
  const id = uuidV7(startedAtMs, randomBytes(uuidRandomBytes))
  try {
    const url = options.openUrl(camera)
    const session = { camera: camera.id, id, startedAtMs }
    const { outcome, spoolFilled } = await runSession({
      ...options,
      session,
      url,
      transport: camera.transport,
      onTaken,
    })
    const verdict = spoolFilled ? null : judgeOutcome(outcome)
    return { verdict, reason: outcome.reason, segments: outcome.segments, spoolFilled }
  } catch (error) {
    options.events.cameraFailed({ cameraId: camera.id, error })
    return { ...judgeError(error), segments: 0, spoolFilled: false }
  }
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise(resolve => {
    if (signal.aborted) return resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
