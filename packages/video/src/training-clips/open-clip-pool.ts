import { videoError } from '../errors.ts'
import { ClipPool } from './clip-pool.ts'
import { type LeftOutSegment, readerWithStandIns } from './stand-in.ts'
import { type Download, frameCountOf, readFrames, type TrainingSegment } from './training-segment.ts'
import { planWindow } from './window-plan.ts'

/** What a run consists of, and how it is read. */
export type ClipPoolOptions = ClipRun & {
  readonly download: Download
  /** The call that reading begins with, from 0. */
  readonly fromCall: number
  /** How many segments are decoded at once. */
  readonly decoders: number
  /** Told once of each segment that is left out: shorter than a clip, vanished, unreadable or with pictures missing. */
  readonly onLeftOut: (leftOut: LeftOutSegment) => void
  readonly signal: AbortSignal
}

/** With the same values a call brings the same bytes, wherever reading begins and whatever is decoded first. */
type ClipRun = {
  readonly segments: readonly TrainingSegment[]
  readonly seed: number
  /** Height and width of a frame. */
  readonly size: number
  readonly batch: number
  readonly stepsPerCall: number
  /** Clips cut from a segment each time it is decoded, at least 2; the more, the less decoding costs and the longer a round takes. */
  readonly clipsPerDecode: number
  /** Bytes of decoded frames held at most, each segment counted as the longest; a call's clips are the reader's. */
  readonly limitBytes: number
}

/**
 * Opens a pool, which begins to decode at once.
 *
 * Throws `clips-invalid`, `clips-without-room` where `limitBytes` holds too few segments, `clips-without-segments`.
 */
export function openClipPool(options: ClipPoolOptions): ClipPool {
  return clipPoolOver(options, (segment, signal) => readFrames(segment, { ...options, signal }))
}

/** A pool of frames that `read` gives. */
export function clipPoolOver(
  options: Omit<ClipPoolOptions, 'download'>,
  read: (segment: TrainingSegment, signal: AbortSignal) => Promise<Uint8Array>,
): ClipPool {
  refuseInvalid(options)
  const { size, batch, stepsPerCall, limitBytes, onLeftOut } = options
  const segments = longEnough(options)
  const segmentBytes = Math.max(...segments.map(frameCountOf)) * size * size * 3
  const clipsPerCall = batch * stepsPerCall
  const plan = planWindow({ ...options, segments: segments.length, segmentBytes, clipsPerCall })
  return new ClipPool({
    ...options,
    ...{ plan, segmentBytes, clipsPerCall },
    room: Math.floor(limitBytes / segmentBytes),
    decode: readerWithStandIns({ plan, segments, read, onLeftOut }),
  })
}

/** Leaves out what cannot fill a clip, which its length alone says. */
function longEnough({ segments, onLeftOut }: Pick<ClipPoolOptions, 'segments' | 'onLeftOut'>) {
  const kept = segments.filter(segment => {
    try {
      return frameCountOf(segment) > 0
    } catch (error) {
      onLeftOut({ id: segment.id, error })
      return false
    }
  })
  if (kept.length === 0) throw videoError('clips-without-segments', { segments: segments.length })
  return kept
}

const SMALLEST = {
  seed: 0,
  size: 1,
  batch: 1,
  stepsPerCall: 1,
  clipsPerDecode: 2,
  limitBytes: 1,
  fromCall: 0,
  decoders: 1,
}

function refuseInvalid(options: Readonly<typeof SMALLEST>): void {
  for (const [option, smallest] of Object.entries(SMALLEST)) {
    const value = options[option as keyof typeof SMALLEST]
    if (!(Number.isInteger(value) && value >= smallest)) {
      throw videoError('clips-invalid', { option, value, wanted: `a whole number from ${smallest} on` })
    }
  }
}
