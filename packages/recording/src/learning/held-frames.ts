import { random } from '@takt/nn'
import { decodeRecording } from '@takt/video'
import { recordingError } from '../errors.ts'

export interface HeldFramesRequest {
  readonly video: string
  /** Side of the square frames. */
  readonly size: number
  /** Frames of a clip: a recording has to have as many. */
  readonly frames: number
  readonly limitBytes: number
  readonly seed: number
  readonly signal: AbortSignal
}

/** Stretches of a recording, uint8 [frames, size, size, RGB] each, of at least a clip. */
export type HeldFrames = readonly Uint8Array[]

/** A minute of time steps. */
const STEPS_PER_STRETCH = 240

/**
 * A recording's frames as far as they fit: of one that is longer, minutes that are drawn by chance, each as likely as any
 * other (Vitter's reservoir, 1985). Throws `too-short-to-learn` and what decoding throws.
 */
export async function holdFrames({
  video,
  size,
  frames,
  limitBytes,
  seed,
  signal,
}: HeldFramesRequest): Promise<HeldFrames> {
  const frameBytes = size * size * 3
  const most = Math.max(1, Math.floor(limitBytes / (STEPS_PER_STRETCH * 2 * frameBytes)))
  const next = random(seed, 'minutes')
  const held: Uint8Array[] = []
  let seen = 0
  await decodeRecording({
    input: video,
    rendition: { id: `${size}`, size },
    stepsPerChunk: STEPS_PER_STRETCH,
    take: async chunk => {
      if (chunk.byteLength < frames * frameBytes) return
      seen++
      const place = held.length < most ? held.length : Math.floor(next() * seen)
      if (place < most) held[place] = Uint8Array.from(chunk)
    },
    signal,
  })
  if (held.length === 0) throw recordingError('too-short-to-learn', { video, frames })
  return held
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
