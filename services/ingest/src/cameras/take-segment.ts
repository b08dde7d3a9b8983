import { rm, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { CapturedSegment, UnreadableSegment } from '@takt/video'
import type { IngestEvents } from '../events.ts'
import type { Keeper } from '../keep/keeper.ts'
import { quarantine } from '../spool/quarantine.ts'
import type { Spool } from '../spool/spool.ts'
import { sidecarOf } from '../spool/spool-layout.ts'
import { describeSegment, type SpoolSession } from '../spool/spooled-segment.ts'
import { unreadableMeaning } from '../spool/unreadable-meaning.ts'
import { writeWhole } from '../spool/write-whole.ts'

/** Where the closed files of a session go. */
export interface Intake {
  readonly session: SpoolSession
  readonly spool: Spool
  readonly keeper: Pick<Keeper, 'add'>
  readonly events: IngestEvents
  readonly nowMs: () => number
}

/** Takes a closed segment into the spool; without room it is written off, its file removed, and `full` is returned. */
export async function takeSegment(intake: Intake, captured: CapturedSegment): Promise<'taken' | 'full'> {
  const { session, spool, keeper, events } = intake
  const { path } = captured
  const { size } = await stat(path)
  const segment = describeSegment(session, captured, size)
  if (spool.bytes + size > spool.limitBytes) {
    await rm(path, { force: true })
    keeper.add({ kind: 'spoilt', path, segment, reason: 'spool-full', file: 'gone' })
    return 'full'
  }
  try {
    await writeWhole(sidecarOf(path), segment)
  } catch (error) {
    events.segmentNotDescribed({ cameraId: session.camera, error })
  }
  spool.take(path, size)
  keeper.add({ kind: 'segment', path, segment })
  return 'taken'
}

/** Puts an announced file that is no segment out of the way; the time since the segment before is lost where it had any. */
export async function takeUnreadable(intake: Intake, { path, error }: UnreadableSegment): Promise<void> {
  const { session, spool, keeper, events } = intake
  if (unreadableMeaning(error.code) !== 'lost') return rm(path, { force: true })
  events.segmentUnreadable({ cameraId: session.camera, sessionId: session.id, file: basename(path), error })
  keeper.add({ kind: 'outage', reason: 'bad-segment', untilMs: intake.nowMs(), settled: false })
  await quarantine(spool.root, path)
}
