import type { EncoderSpec } from '@takt/nn'
import { expect, test } from 'vitest'
import { clipsOfLabels } from './labelled-clips.ts'

const spec: EncoderSpec = {
  architecture: 'video-vit',
  inputSize: 1,
  frames: 4,
  tubelet: 2,
  patch: 1,
  dim: 8,
  depth: 1,
  heads: 1,
  grid: 1,
}

/** 40 s of frames of one pixel, 6 bytes a time step, that says whether it is within 5 to 20 s; in two stretches. */
const trainSteps = { from: 20, to: 80 }
const stretch = (firstStep: number, steps: number) => ({
  firstStep,
  frames: Uint8Array.from({ length: steps * 6 }, (_, i) => {
    const step = firstStep + Math.floor(i / 6)
    return step >= trainSteps.from && step < trainSteps.to ? step : 255
  }),
})
const held = { stepCount: 160, stretches: [stretch(60, 100), stretch(0, 60)] }
const train = [{ startSeconds: 5, endSeconds: 20 }]
const span = (label: string, startSeconds: number, endSeconds: number) => ({
  label,
  startSeconds,
  endSeconds,
  tier: 'task',
})
const inside = [span('screw', 5, 9), span('glue', 9, 13), span('screw', 14, 18)]

const clipsFor = (spans: typeof inside, seed = 1) => clipsOfLabels({ held, spans, train, spec, seed })
const seenBy = (clips: ReturnType<typeof clipsFor>) => ({
  ...clips,
  learnt: Array.from({ length: 30 }, (_, step) => clips.learnt(step)),
})

test('labels outside the training ranges change nothing', () => {
  const outside = [span('glue', 0, 4), span('paint', 21, 30), span('screw', 30, 39)]
  expect(seenBy(clipsFor([...outside, ...inside]))).toEqual(seenBy(clipsFor(inside)))
})

test('labels within them do change it', () => {
  const other = [span('screw', 5, 8), ...inside.slice(1)]
  expect(seenBy(clipsFor(other))).not.toEqual(seenBy(clipsFor(inside)))
})

test('no frame outside the training ranges is seen, and of those within each is', () => {
  const { learnt, heldOut } = seenBy(clipsFor(inside))
  const levels = new Set([...learnt, ...heldOut].flatMap(({ frames }) => [...frames]))
  expect(levels).not.toContain(255)
  expect(Math.min(...levels)).toBe(20)
  expect(Math.max(...levels)).toBe(79)
})

test('frames and labels of a clip belong together', () => {
  const { learnt } = seenBy(clipsFor(inside))
  const screw = (step: number) => (step >= 20 && step < 36) || (step >= 56 && step < 72)
  for (const { frames, targets } of learnt) {
    for (let row = 0; row < 16; row++) {
      const each = targets.subarray(row * 3, row * 3 + 3)
      if (each.every(share => share === 0)) continue
      expect(each.indexOf(Math.max(...each)) === 1, `step ${frames[row * 6]}`).toBe(screw(frames[row * 6]!))
    }
  }
})

test('too few labels are refused by name', () => {
  const short = [{ startSeconds: 5, endSeconds: 7 }]
  expect(() => clipsOfLabels({ held, spans: inside, train: short, spec, seed: 1 })).toThrow('labels of 5 whole clips')
})
