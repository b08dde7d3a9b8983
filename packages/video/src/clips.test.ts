import { stepsPerClip } from '@takt/domain'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { clipFrames, FRAMES_PER_CLIP, planClips } from './clips.ts'

describe('planClips', () => {
  test('shifts the last window back rather than cutting it short', () => {
    expect(planClips(18)).toEqual([
      { firstStep: 0, emitFrom: 0, emitTo: 8 },
      { firstStep: 8, emitFrom: 8, emitTo: 16 },
      { firstStep: 10, emitFrom: 16, emitTo: 18 },
    ])
  })

  test('gives a segment shorter than a clip one window that emits its own steps alone', () => {
    expect(planClips(3)).toEqual([{ firstStep: 0, emitFrom: 0, emitTo: 3 }])
  })

  test('has nothing to plan for a segment that owns no step', () => {
    expect(planClips(0)).toEqual([])
  })

  test('emits each step exactly once, in order, from a window that holds it', () => {
    fc.assert(
      fc.property(fc.nat(500), stepCount => {
        const plans = planClips(stepCount)
        const emitted = plans.flatMap(({ emitFrom, emitTo }) => range(emitFrom, emitTo))
        expect(emitted).toEqual(range(0, stepCount))
        for (const { firstStep, emitFrom, emitTo } of plans) {
          expect(firstStep).toBeGreaterThanOrEqual(0)
          expect(emitFrom).toBeGreaterThanOrEqual(firstStep)
          expect(emitTo).toBeLessThanOrEqual(firstStep + stepsPerClip)
          if (stepCount >= stepsPerClip) expect(firstStep + stepsPerClip).toBeLessThanOrEqual(stepCount)
        }
      }),
    )
  })
})

describe('clipFrames', () => {
  /** `count` frames of 1 × 1 pixel, each pixel its frame's number. */
  const numbered = (count: number) => Uint8Array.from({ length: count * 3 }, (_, byte) => Math.floor(byte / 3))
  const numbers = (clip: Uint8Array) => range(0, clip.length / 3).map(frame => clip[frame * 3])

  test('gathers the window’s 16 frames', () => {
    const plan = planClips(18)[2]!
    expect(numbers(clipFrames(numbered(36), plan, 1))).toEqual(range(20, 36))
  })

  test('repeats the last frame of a segment shorter than a clip', () => {
    const plan = planClips(2)[0]!
    expect(numbers(clipFrames(numbered(4), plan, 1))).toEqual([0, 1, 2, 3, ...Array(12).fill(3)])
  })

  test('gives clips of 16 × size × size × 3 bytes whatever the segment’s length', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 5 }), (stepCount, size) => {
        const frames = new Uint8Array(stepCount * 2 * size * size * 3)
        for (const plan of planClips(stepCount)) {
          expect(clipFrames(frames, plan, size).length).toBe(FRAMES_PER_CLIP * size * size * 3)
        }
      }),
    )
  })
})

function range(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from }, (_, index) => from + index)
}
