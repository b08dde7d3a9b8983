import { join } from 'node:path'
import { materialDirectory } from '@takt/dev-env'
import type { EncoderSpec } from '@takt/nn'
import { decodeSegment } from '@takt/video'

/** As long as the recording is. */
const filmSeconds = 39
/** Share of it that encoders are trained on; what follows is only ever embedded. */
const trainedShare = 0.75

export interface Film {
  /** Frames that training clips are cut from. */
  readonly trained: Uint8Array
  /** Frames after these. */
  readonly heldOut: Uint8Array
}

/** A real recording of hands at a bench, as an encoder sees it: RGB frames of its size, 8 a second. */
export async function decodeFilm({ inputSize }: EncoderSpec, signal: AbortSignal): Promise<Film> {
  const { frames } = await decodeSegment({
    input: join(materialDirectory, 'bottle-detection.mp4'),
    mediaStartSeconds: 0,
    durationSeconds: filmSeconds,
    renditions: [{ id: 'whole', size: inputSize }],
    signal,
  })
  const pixels = frames.get('whole')!
  const frameBytes = inputSize * inputSize * 3
  const border = Math.floor((trainedShare * pixels.length) / frameBytes) * frameBytes
  return { trained: pixels.subarray(0, border), heldOut: pixels.subarray(border) }
}

/** `count` clips of an encoder's length, [count, frames, size, size, RGB], from where `start` says, in [0, 1). */
export function cutClips(
  pixels: Uint8Array,
  { frames, inputSize }: EncoderSpec,
  { count, start }: { readonly count: number; readonly start: (clip: number) => number },
): Uint8Array {
  const frameBytes = inputSize * inputSize * 3
  const starts = pixels.length / frameBytes - frames + 1
  const clips = Array.from({ length: count }, (_, clip) => {
    const from = Math.floor(start(clip) * starts) * frameBytes
    return pixels.subarray(from, from + frames * frameBytes)
  })
  return Buffer.concat(clips)
}
