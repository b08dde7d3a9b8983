import { framesPerStep, stepsPerClip } from '@takt/domain'

export const FRAMES_PER_CLIP = stepsPerClip * framesPerStep

/** One window of 8 steps over a segment: it starts at `firstStep` and gives features for `[emitFrom, emitTo)`, all counted from the segment's first step. */
export type ClipPlan = { readonly firstStep: number; readonly emitFrom: number; readonly emitTo: number }

/**
 * Covers `stepCount` steps with windows of 8, each step emitted exactly once.
 *
 * The last window is shifted back over steps already emitted rather than cut short; a segment shorter than a clip
 * has one window, whose steps past the segment's end `clipFrames` fills by repetition.
 */
export function planClips(stepCount: number): readonly ClipPlan[] {
  return Array.from({ length: Math.ceil(stepCount / stepsPerClip) }, (_, window) => {
    const emitFrom = window * stepsPerClip
    const lastStart = Math.max(0, stepCount - stepsPerClip)
    return {
      firstStep: Math.min(emitFrom, lastStart),
      emitFrom,
      emitTo: Math.min(emitFrom + stepsPerClip, stepCount),
    }
  })
}

/**
 * Gathers one window's pixels, `[16, size, size, 3]` uint8, from a segment's `[2·stepCount, size, size, 3]` frames.
 *
 * Where a segment is shorter than a clip its last frame is repeated, as the zero-order hold of the frame grid would.
 */
export function clipFrames(frames: Uint8Array, plan: ClipPlan, size: number): Uint8Array {
  const frameBytes = size * size * 3
  const frameCount = frames.byteLength / frameBytes
  const first = plan.firstStep * framesPerStep
  if (first + FRAMES_PER_CLIP <= frameCount) {
    return frames.subarray(first * frameBytes, (first + FRAMES_PER_CLIP) * frameBytes)
  }
  const clip = new Uint8Array(FRAMES_PER_CLIP * frameBytes)
  for (let frame = 0; frame < FRAMES_PER_CLIP; frame++) {
    const source = Math.min(first + frame, frameCount - 1) * frameBytes
    clip.set(frames.subarray(source, source + frameBytes), frame * frameBytes)
  }
  return clip
}
