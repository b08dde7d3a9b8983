import { plantEncoderSpec } from '@takt/nn'
import { expect, test } from 'vitest'
import { cutClips } from './film-clips.ts'

const spec = { ...plantEncoderSpec, inputSize: 1, frames: 3 }
/** Five frames of one pixel, which tells the frame's number. */
const film = Uint8Array.from({ length: 5 * 3 }, (_, i) => Math.floor(i / 3))

test('clips are whole frames in a row, from the first place to the last that has room for them', () => {
  const clips = cutClips(film, spec, { count: 3, start: clip => clip / 2.001 })
  const frames = Array.from({ length: 9 }, (_, i) => clips[3 * i])
  expect(frames).toEqual([0, 1, 2, 1, 2, 3, 2, 3, 4])
})
