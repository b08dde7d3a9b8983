import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { parseClosedSegmentLine } from './closed-segment-line.ts'
import { VideoError, videoError } from './errors.ts'
import { readLines } from './lines.ts'
import { readSegment, type SegmentFacts } from './segment-facts.ts'

/** A closed segment of the session, in order; seconds are of the session's media clock, whose 0 is its first picture. */
export type CapturedSegment = {
  readonly path: string
  readonly sequence: number
  readonly startSeconds: number
  /** Equals the next segment's `startSeconds`. */
  readonly endSeconds: number
  /** The host's clock when the closing was announced. */
  readonly closedAtMs: number
  readonly facts: SegmentFacts
}

/** A file that ffmpeg announced and that is no segment, such as the 28-byte one an interrupted cut leaves. */
export type UnreadableSegment = { readonly path: string; readonly error: VideoError }

/** Who is told of each file that a session closes. */
export type SegmentListeners = {
  readonly onSegment: (segment: CapturedSegment) => void
  readonly onUnreadable: (file: UnreadableSegment) => void
  /** The host's clock. */
  readonly nowMs?: () => number
}

type AnnounceOptions = SegmentListeners & {
  readonly directory: string
  readonly onAnnounced: () => void
  readonly onWrongCodec: (codec: string) => void
}

const MAX_LINE_CHARACTERS = 4_096
const ACCEPTED_CODECS: ReadonlySet<string> = new Set(['h264', 'h265'])

/** Announces closed files in the order of their lines in the segment list; returns how many were segments. */
export async function announceSegments(list: Readable, options: AnnounceOptions): Promise<number> {
  const { directory, onSegment, onUnreadable, onAnnounced, onWrongCodec, nowMs = Date.now } = options
  let sequence = 0
  for await (const text of readLines(list, MAX_LINE_CHARACTERS)) {
    const line = parseClosedSegmentLine(text)
    if (!line) continue
    const closedAtMs = nowMs()
    onAnnounced()
    const path = join(directory, line.name)
    const facts = await readFacts(path)
    if (facts instanceof VideoError) {
      onUnreadable({ path, error: facts })
      continue
    }
    if (!ACCEPTED_CODECS.has(facts.codec)) {
      onUnreadable({ path, error: videoError('segment-wrong-codec', { source: path, codec: facts.codec }) })
      onWrongCodec(facts.codec)
      continue
    }
    const { startSeconds, endSeconds } = line
    onSegment({ path, sequence, startSeconds, endSeconds, closedAtMs, facts })
    sequence++
  }
  return sequence
}

async function readFacts(path: string): Promise<SegmentFacts | VideoError> {
  try {
    return await readSegment(path)
  } catch (error) {
    if (error instanceof VideoError) return error
    throw error
  }
}
