import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { framesPerStep } from '@takt/domain'
import { FRAMES_PER_CLIP } from '../clips.ts'
import { decodeSegment } from '../decode.ts'
import { videoError } from '../errors.ts'
import { stepsOfSegment } from '../frame-grid.ts'
import type { Rendition } from '../rendition.ts'

/** A stored segment as one view sees it. */
export type TrainingSegment = {
  readonly id: string
  /** Session time of the segment's first picture. */
  readonly mediaStartSeconds: number
  readonly durationSeconds: number
  /** The view's crop and static masks. */
  readonly view: Pick<Rendition, 'crop' | 'masks'>
}

/** Frames of the grid that belong to a segment; throws `range-invalid`, or `segment-too-short` for less than a clip. */
export function frameCountOf({ id, mediaStartSeconds, durationSeconds }: TrainingSegment): number {
  const frames = stepsOfSegment(mediaStartSeconds, durationSeconds).stepCount * framesPerStep
  // A picture repeated to fill a clip would teach that nothing moves.
  if (frames < FRAMES_PER_CLIP) throw videoError('segment-too-short', { id, frames, needed: FRAMES_PER_CLIP })
  return frames
}

/** Writes a segment's file to `path`; an error that says `retryable: false` leaves the segment out, any other ends the pool. */
export type Download = (id: string, path: string, signal: AbortSignal) => Promise<void>

type ReadOptions = { readonly size: number; readonly download: Download; readonly signal: AbortSignal }

/** The grid's last picture may lie behind the segment's last one; more than that is missing video. */
const FRAMES_BEHIND_THE_END = 1

/** Training gives way to live video, and so does what it decodes. */
const NICENESS = 10

/**
 * A hundred times what a segment takes. Only CPU tells a hostile file from a busy machine: the clock would leave out
 * segments of one run and not of the next, so its limit is for a machine that stands still.
 */
const LIMITS = { cpuSeconds: 40, timeoutMs: 20 * 60_000 }

/**
 * A segment's frames on the grid, `[frames, size, size, 3]` uint8, RGB.
 *
 * Throws `segment-damaged` where pictures are missing, and what `download` and `decodeSegment` throw.
 */
export async function readFrames(segment: TrainingSegment, options: ReadOptions): Promise<Uint8Array> {
  const { id, view, mediaStartSeconds, durationSeconds } = segment
  const { size, download, signal } = options
  const folder = await mkdtemp(join(tmpdir(), 'takt-clips-'))
  try {
    const input = join(folder, 'segment.mp4')
    await download(id, input, signal)
    const decoded = await decodeSegment({
      ...{ input, mediaStartSeconds, durationSeconds, signal },
      renditions: [{ ...view, id, size }],
      ...{ niceness: NICENESS, ...LIMITS },
    })
    const { decodedFrames, decoderErrors, stepCount } = decoded
    const frames = stepCount * framesPerStep
    if (decodedFrames + FRAMES_BEHIND_THE_END < frames) {
      throw videoError('segment-damaged', { id, decoded: decodedFrames, frames, detail: decoderErrors.join('; ') })
    }
    return decoded.frames.get(id)!
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
