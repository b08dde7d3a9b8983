import { expect, test } from 'vitest'
import { drawClips } from './held-frames.ts'

/** Frames of one pixel that say which they are. */
const stretch = (from: number, count: number) =>
  Uint8Array.from({ length: count * 3 }, (_, i) => from + Math.floor(i / 3))
const held = [stretch(0, 5), stretch(100, 4)]
const draw = (step: number, seed = 1) => [...drawClips(held, { frames: 3, size: 1, batch: 8, step, seed })]

/** The first frame of each clip. */
const starts = (step: number) => draw(step).filter((_, i) => i % 9 === 0)

test('clips are whole, of one stretch, and every start comes', () => {
  const seen = Array.from({ length: 40 }, (_, step) => starts(step)).flat()
  expect(new Set(seen)).toEqual(new Set([0, 1, 2, 100, 101]))
  const clip = draw(0).slice(0, 9)
  expect(clip).toEqual([0, 0, 0, 1, 1, 1, 2, 2, 2].map(frame => frame + clip[0]!))
})

test('seed and step decide', () => {
  expect(draw(3)).toEqual(draw(3))
  expect(draw(3)).not.toEqual(draw(4))
  expect(draw(3)).not.toEqual(draw(3, 2))
})
