import { readdir, rm, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { CameraId, SessionId, UtcMs } from '@takt/domain'
import { readSegment, type SegmentFacts, VideoError } from '@takt/video'
import type { KeepItem } from '../keep/keep-item.ts'
import { loadClock } from '../keep/session-clock.ts'
import { quarantine } from './quarantine.ts'
import { readJson } from './read-json.ts'
import { type SessionRecord, sessionRecordSchema } from './session-record.ts'
import { segmentName, sessionFile, sidecarOf } from './spool-layout.ts'
import { describeSegment, type SpooledSegment, spooledSegmentSchema } from './spooled-segment.ts'
import { unreadableMeaning } from './unreadable-meaning.ts'
import { writeWhole } from './write-whole.ts'

export interface LeftSession {
  readonly camera: CameraId
  readonly id: SessionId
  readonly directory: string
  readonly root: string
  /** When this run began: until then ingest was down. */
  readonly startedAtMs: UtcMs
}

/** The last thing that is known before a file: it counts on from there. */
interface Before {
  readonly fileNumber: number
  readonly sequence: number
  readonly endSeconds: number
}

/**
 * What a session of an earlier run left, in order. A described segment is trusted if it has its size; one that closed
 * before it could be described is described now, if it follows what is known without a hole. What is unreadable is
 * quarantined and its time lost; what covers no time is removed.
 */
export async function recoverSession(left: LeftSession): Promise<readonly KeepItem[]> {
  const record = await readJson(sessionFile(left.directory), sessionRecordSchema)
  const items: KeepItem[] = []
  let before = await whereKept(left)
  for (const name of (await readdir(left.directory)).filter(name => segmentName.test(name)).sort()) {
    const path = join(left.directory, name)
    const described = await readJson(sidecarOf(path), spooledSegmentSchema)
    const item = described
      ? await recoverDescribed(path, described)
      : await recoverUndescribed(left, { path, record, before })
    if (item) items.push(item)
    if (item && 'segment' in item)
      before = { fileNumber: fileNumber(path), sequence: item.segment.sequence, endSeconds: item.segment.endSeconds }
  }
  return [...items, ...endOf(left, record)]
}

const fileNumber = (path: string): number => Number.parseInt(basename(path), 10)

/** Where the segments that were kept and removed end. A session's files have the numbers of its segments unless one was unreadable. */
async function whereKept({ directory, id }: LeftSession): Promise<Before> {
  const { last } = await loadClock(directory, id)
  if (!last) return { fileNumber: -1, sequence: -1, endSeconds: 0 }
  return { fileNumber: last.sequence, sequence: last.sequence, endSeconds: last.endMediaSeconds }
}

async function recoverDescribed(path: string, segment: SpooledSegment): Promise<KeepItem> {
  const { size } = await stat(path)
  if (size === segment.bytes) return { kind: 'segment', path, segment }
  return { kind: 'spoilt', path, segment, reason: 'bad-segment', file: 'quarantine' }
}

async function recoverUndescribed(
  left: LeftSession,
  { path, record, before }: { path: string; record: SessionRecord | undefined; before: Before },
): Promise<KeepItem | undefined> {
  const { size, mtimeMs } = await stat(path)
  const facts = await readFacts(path)
  if (facts instanceof VideoError && unreadableMeaning(facts.code) === 'none') {
    await rm(path)
    return undefined
  }
  if (facts instanceof VideoError || !record || fileNumber(path) !== before.fileNumber + 1) {
    await quarantine(left.root, path)
    return { kind: 'outage', reason: 'bad-segment', untilMs: mtimeMs, settled: false }
  }
  const startSeconds = before.endSeconds
  const captured = {
    sequence: before.sequence + 1,
    startSeconds,
    endSeconds: startSeconds + facts.durationTicks / facts.timescale,
    closedAtMs: mtimeMs,
    facts,
  }
  const segment = describeSegment(record, captured, size)
  await writeWhole(sidecarOf(path), segment)
  return { kind: 'segment', path, segment }
}

async function readFacts(path: string): Promise<SegmentFacts | VideoError> {
  try {
    return await readSegment(path)
  } catch (error) {
    if (error instanceof VideoError) return error
    throw error
  }
}

/** Why video is missing after the session, and its end. */
function endOf(
  { camera, id, directory, startedAtMs }: LeftSession,
  record: SessionRecord | undefined,
): readonly KeepItem[] {
  const end = record?.end ?? { atMs: startedAtMs, outcome: 'ingest-down', loss: 'ingest-down' as const }
  const outage: KeepItem[] = end.loss ? [{ kind: 'outage', reason: end.loss, untilMs: end.atMs, settled: false }] : []
  return [...outage, { kind: 'session-end', camera, session: id, directory, endedAtMs: end.atMs, outcome: end.outcome }]
}
