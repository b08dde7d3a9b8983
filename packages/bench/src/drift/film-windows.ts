import { frameRateHz, framesPerStep } from '@takt/domain'
import { backgroundOf, type SegmentLook, type WindowLook, windowOf } from '@takt/drift'
import type { Describer } from '@takt/recording'
import { decodeRecording } from '@takt/video'

/** Side of a film's frames before a camera looks at them. */
export const filmSize = 176

/** As long as a plant's windows. */
export const windowSeconds = 60
export const windowFrames = windowSeconds * frameRateHz

/** Hands over whole windows of a film, `[windowFrames, filmSize, filmSize, RGB]`, one after the other. */
export async function eachWindow(
  file: string,
  take: (frames: Uint8Array, index: number) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  let index = 0
  await decodeRecording({
    input: file,
    rendition: { id: 'film', size: filmSize },
    stepsPerChunk: windowFrames / framesPerStep,
    take: async frames => {
      if (frames.length === windowFrames * filmSize * filmSize * 3) await take(frames, index++)
    },
    signal,
  })
}

/** Frames of a segment of 4 s. */
const segmentFrames = 4 * frameRateHz

/** What drift is measured on, of frames that a camera has recorded, as a worker finds it stored. */
export async function lookAt(frames: Uint8Array, { describe, size }: Describer, grid: number): Promise<WindowLook> {
  const bytes = segmentFrames * size * size * 3
  const segments: SegmentLook[] = []
  for (let at = 0; at < frames.length; at += bytes) {
    const segment = frames.subarray(at, at + bytes)
    const vectors = await describe(segment)
    const features = new Float32Array(vectors.length * vectors[0]!.length)
    for (const [step, vector] of vectors.entries()) features.set(vector, step * vector.length)
    segments.push({ steps: vectors.length, features, background: backgroundOf(segment, size) })
  }
  return windowOf(segments, grid)
}
