import { rm } from 'node:fs/promises'
import type { IngestCamera } from '@takt/db'
import { type CaptureOutcome, capture } from '@takt/video'
import { sessionFile } from '../spool/spool-layout.ts'
import { writeWhole } from '../spool/write-whole.ts'
import { judgeOutcome } from './camera-outcomes.ts'
import { serialQueue } from './serial-queue.ts'
import { type Intake, takeSegment, takeUnreadable } from './take-segment.ts'

export interface CaptureSettings {
  readonly segmentSeconds: number
  /** ffmpeg's own patience with a silent socket. */
  readonly timeoutMs: number
  /** Longest time without a closed segment. */
  readonly stallMs: number
}

export interface SessionOptions extends Intake {
  readonly url: string
  readonly transport: IngestCamera['transport']
  readonly settings: CaptureSettings
  /** Told of each segment that was taken into the spool. */
  readonly onTaken: () => void
  readonly signal: AbortSignal
}

export interface SessionEnd {
  readonly outcome: CaptureOutcome
  /** The session was ended because the spool had no room for its segments. */
  readonly spoolFilled: boolean
}

/**
 * One connection to a camera: captures into a spool directory of its own and hands each closed segment to the keeper,
 * until the capture ends. Throws what `capture` throws, and what the spool's file system does.
 */
export async function runSession(options: SessionOptions): Promise<SessionEnd> {
  const { session, spool, settings } = options
  const directory = await spool.openSession(session)
  const filled = new AbortController()
  const files = serialQueue()
  let outcome: CaptureOutcome | undefined
  try {
    outcome = await capture({
      ...settings,
      url: options.url,
      transport: options.transport,
      directory,
      prefix: '',
      signal: AbortSignal.any([options.signal, filled.signal]),
      onSegment: segment =>
        files.add(async () => {
          if ((await takeSegment(options, segment)) === 'full') filled.abort()
          else options.onTaken()
        }),
      onUnreadable: file => files.add(() => takeUnreadable(options, file)),
    })
    await files.idle()
    return { outcome, spoolFilled: filled.signal.aborted }
  } finally {
    await Promise.allSettled([files.idle()]) // its failure has been thrown above
    await endSession(options, directory, outcome)
  }
}

/** The directory of a session that brought nothing goes at once; another one's when all that it holds has been kept. */
async function endSession(
  { session, keeper, nowMs }: SessionOptions,
  directory: string,
  outcome: CaptureOutcome | undefined,
): Promise<void> {
  if (outcome?.segments === 0) return rm(directory, { recursive: true, force: true })
  const end = {
    atMs: nowMs(),
    outcome: outcome?.kind ?? 'failed',
    loss: outcome ? (judgeOutcome(outcome)?.loss ?? null) : 'failed',
  }
  await writeWhole(sessionFile(directory), { ...session, end })
  const { camera, id } = session
  keeper.add({ kind: 'session-end', camera, session: id, directory, endedAtMs: end.atMs, outcome: end.outcome })
}
