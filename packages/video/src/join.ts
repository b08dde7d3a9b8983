import { videoError } from './errors.ts'
import { runFfmpeg } from './run-ffmpeg.ts'
import { readSegment, type SegmentFacts } from './segment-facts.ts'

/** A stored segment and the session time of its first picture. */
export type JoinSource = { readonly path: string; readonly mediaStartSeconds: number }

export type JoinOptions = {
  /** Of one session, in order; segments outside the range are left out. */
  readonly segments: readonly JoinSource[]
  readonly fromSeconds: number
  readonly toSeconds: number
  readonly output: string
  readonly signal: AbortSignal
  readonly timeoutMs?: number
}

/** The file written: `fromSeconds` lies `offsetSeconds` into its `durationSeconds`. */
export type JoinedVideo = { readonly path: string; readonly offsetSeconds: number; readonly durationSeconds: number }

type Placed = JoinSource & { readonly facts: SegmentFacts; readonly endSeconds: number }

/**
 * Copies the range into one MP4 that browsers play while it loads, from the key frame at or before `fromSeconds`.
 *
 * Nothing is encoded anew; gaps between segments stay gaps. Throws `range-invalid` where no segment holds any of the
 * range, the `segment-*` codes of `readSegment`, `join-failed`, `ffmpeg-timeout`, or the signal's reason.
 */
export async function joinSegments(options: JoinOptions): Promise<JoinedVideo> {
  const { fromSeconds, toSeconds, output, signal, timeoutMs = 60_000 } = options
  const parts = await partsInRange(options)
  const first = parts[0]
  const last = parts.at(-1)
  if (!first || !last)
    throw videoError('range-invalid', { from: fromSeconds, to: toSeconds, reason: 'no segment holds it' })

  const key = keyFrameAtOrBefore(first, fromSeconds)
  const { exitCode, errorLines } = await runFfmpeg({
    args: joinArguments(output, first.facts.codec),
    what: `write ${output}`,
    outputs: 0,
    input: joinList(parts, key, toSeconds),
    timeoutMs,
    signal,
    read: async () => {},
  })
  if (exitCode !== 0) throw videoError('join-failed', { output, detail: errorLines.join('; ') })
  return {
    path: output,
    offsetSeconds: Math.max(0, fromSeconds - key.sessionSeconds),
    durationSeconds: Math.min(toSeconds, last.endSeconds) - key.sessionSeconds,
  }
}

async function partsInRange({ segments, fromSeconds, toSeconds }: JoinOptions): Promise<readonly Placed[]> {
  const refuse = (reason: string) => videoError('range-invalid', { from: fromSeconds, to: toSeconds, reason })
  if (!(toSeconds > fromSeconds)) throw refuse('it ends before it starts')
  const placed: Placed[] = []
  for (const segment of segments) {
    if (segment.mediaStartSeconds >= toSeconds) continue
    const facts = await readSegment(segment.path)
    const endSeconds = segment.mediaStartSeconds + facts.durationTicks / facts.timescale
    if (endSeconds <= fromSeconds) continue
    const previous = placed.at(-1)
    if (previous && segment.mediaStartSeconds <= previous.mediaStartSeconds)
      throw refuse('its segments are out of order')
    placed.push({ ...segment, facts, endSeconds })
  }
  return placed
}

/** Session time and in-file time of a key frame. */
type KeyFrame = { readonly sessionSeconds: number; readonly fileSeconds: number }

/** Each fragment starts with a key frame; the first one serves a range that starts before the segment does. */
function keyFrameAtOrBefore({ facts, mediaStartSeconds }: Placed, seconds: number): KeyFrame {
  const origin = facts.fragments[0]!.firstPictureTicks
  const keys = facts.fragments.map(({ firstPictureTicks: ticks }) => ({
    sessionSeconds: mediaStartSeconds + (ticks - origin) / facts.timescale,
    fileSeconds: ticks / facts.timescale,
  }))
  return keys.findLast(key => key.sessionSeconds <= seconds) ?? keys[0]!
}

/** The parts as an ffconcat list: each lasts until the next one's start, so that a gap stays one. */
function joinList(parts: readonly Placed[], key: KeyFrame, toSeconds: number): string {
  const entries = parts.flatMap((part, index) => {
    const next = parts[index + 1]
    const startSeconds = index === 0 ? key.sessionSeconds : part.mediaStartSeconds
    const firstPicture = part.facts.fragments[0]!.firstPictureTicks / part.facts.timescale
    const lastSeconds = firstPicture + toSeconds - part.mediaStartSeconds
    return [
      `file '${quotable(part.path)}'`,
      // Rounded up: a hair before the key frame the demuxer would seek to the one before.
      ...(index === 0 ? [`inpoint ${(Math.ceil(key.fileSeconds * 1e6) / 1e6).toFixed(6)}`] : []),
      ...(next
        ? [`duration ${(next.mediaStartSeconds - startSeconds).toFixed(6)}`]
        : [`outpoint ${lastSeconds.toFixed(6)}`]),
    ]
  })
  return ['ffconcat version 1.0', ...entries, ''].join('\n')
}

/** Inside the list's single quotes only the quote itself needs care (ffmpeg-utils, "Quoting and escaping"). */
const quotable = (path: string) => `file:${path}`.replaceAll("'", "'\\''")

const joinArguments = (output: string, codec: string) => [
  ...['-v', 'error', '-y', '-f', 'concat', '-safe', '0', '-protocol_whitelist', 'pipe,fd,file', '-i', 'pipe:0'],
  ...['-map', '0:v:0', '-c', 'copy', ...(codec === 'h265' ? ['-tag:v', 'hvc1'] : [])],
  ...['-movflags', '+faststart', '-f', 'mp4', `file:${output}`],
]
