import { random } from '@takt/nn'
import { STEP_SECONDS } from '@takt/steps'
import { decodeRecording } from '@takt/video'
import type { TimeRange } from '../time-range.ts'

export interface HeldFramesRequest {
  readonly video: string
  /** Side of the square frames. */
  readonly size: number
  /** Frames of a clip: what is shorter is not held. */
  readonly frames: number
  /** Minutes that have none of this are not held; all may be where it is left out. */
  readonly within?: readonly TimeRange[]
  readonly limitBytes: number
  readonly seed: number
  readonly signal: AbortSignal
}

/** Stretches of frames, uint8 [frames, size, size, RGB] each, of at least a clip. */
export type HeldFrames = readonly Uint8Array[]

/** What is held of a recording: none of one that is too short. */
export interface HeldRecording {
  readonly stepCount: number
  readonly stretches: readonly HeldStretch[]
}

export interface HeldStretch {
  /** Its place in the recording, in time steps. */
  readonly firstStep: number
  readonly frames: Uint8Array
}

/** A minute of time steps. */
const STEPS_PER_STRETCH = 240

/**
 * A recording's frames as far as they fit: of one that is longer, minutes that are drawn by chance, each as likely as any
 * other (Vitter's reservoir, 1985). Throws what decoding throws.
 */
export async function holdFrames({
  video,
  size,
  frames,
  within,
  limitBytes,
  seed,
  signal,
}: HeldFramesRequest): Promise<HeldRecording> {
  const frameBytes = size * size * 3
  const most = Math.max(1, Math.floor(limitBytes / (STEPS_PER_STRETCH * 2 * frameBytes)))
  const next = random(seed, 'minutes')
  const held: HeldStretch[] = []
  let [seen, chunks] = [0, 0]
  const { stepCount } = await decodeRecording({
    input: video,
    rendition: { id: `${size}`, size },
    stepsPerChunk: STEPS_PER_STRETCH,
    take: async chunk => {
      const firstStep = chunks++ * STEPS_PER_STRETCH
      if (chunk.byteLength < frames * frameBytes || (within && !shows(within, firstStep))) return
      seen++
      const place = held.length < most ? held.length : Math.floor(next() * seen)
      if (place < most) held[place] = { firstStep, frames: Uint8Array.from(chunk) }
    },
    signal,
  })
  return { stepCount, stretches: held }
}

/** Whether the minute from a step on has some of the ranges. */
function shows(ranges: readonly TimeRange[], firstStep: number): boolean {
  const [from, to] = [firstStep * STEP_SECONDS, (firstStep + STEPS_PER_STRETCH) * STEP_SECONDS]
  return ranges.some(({ startSeconds, endSeconds }) => startSeconds < to && from < endSeconds)
}

interface Draw {
  readonly frames: number
  readonly size: number
  /** Clips. */
  readonly batch: number
  readonly step: number
  readonly seed: number
}

/** The clips of a step, [batch, frames, size, size, RGB]: every start of every stretch is as likely; seed and step decide. */
export function drawClips(held: HeldFrames, { frames, size, batch, step, seed }: Draw): Uint8Array {
  const frameBytes = size * size * 3
  const starts = held.map(stretch => stretch.byteLength / frameBytes - frames + 1)
  const all = starts.reduce((sum, count) => sum + count, 0)
  const clips = Array.from({ length: batch }, (_, clip) => {
    let start = Math.floor(random(seed, `clip ${step} ${clip}`)() * all)
    let stretch = 0
    while (start >= starts[stretch]!) start -= starts[stretch++]!
    return held[stretch]!.subarray(start * frameBytes, (start + frames) * frameBytes)
  })
  return Buffer.concat(clips)
}
