import { describe, expect, test } from 'vitest'
import { type Drawing, drawScene } from '../test/drawn-scene.ts'
import { alignBackgrounds, type Motion, noMotion, shiftOf } from './align.ts'
import { greyPicture } from './grey.ts'

const align = (recent: Drawing) =>
  alignBackgrounds({
    reference: greyPicture(drawScene()),
    recent: greyPicture(drawScene({ seed: 2, ...recent })),
  })

/** What the scene's own coordinates are told as: the inverse of where the camera looks. */
const turn = (degrees: number) => {
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)]
  return (x: number, y: number) => [cos * x - sin * y, sin * x + cos * y] as const
}

const expectMotion = (found: Motion, expected: Motion) => {
  for (const [i, value] of expected.entries()) expect(found[i], `m${i} of ${found}`).toBeCloseTo(value, 2)
}

describe('the motion of a background is found to a hundredth of the picture', () => {
  test.each([
    [0, 0],
    [0.03, -0.02],
    [-0.08, 0.05],
    [0.1, 0.1],
  ])('shifted by %d and %d', (dx, dy) => {
    expectMotion(align({ look: (x, y) => [x + dx, y + dy] }), [-dx, 0, 0, -dy, 0, 0])
  })

  test('turned by 5 degrees', () => {
    const [cos, sin] = turn(-5)(1, 0)
    expectMotion(align({ look: turn(5) }), [0, cos - 1, -sin, 0, sin, cos - 1])
  })

  test('closer by a tenth', () => {
    expectMotion(align({ look: (x, y) => [0.9 * x, 0.9 * y] }), [0, 1 / 0.9 - 1, 0, 0, 0, 1 / 0.9 - 1])
  })
})

test('no light is taken for a motion: dimmed, by a gamma, or from one side', () => {
  for (const tone of [
    (value: number) => 0.5 * value,
    (value: number) => 255 * (value / 255) ** 1.8,
    (value: number, x: number) => value * (1 + 0.7 * x),
  ])
    expect(shiftOf(align({ tone }))).toBeLessThan(0.01)
})

test('something that has come to lie in the picture does not pull', () => {
  const patch = { x: 0.2, y: -0.1, side: 0.25, grey: 250 }
  expect(shiftOf(align({ patch }))).toBeLessThan(0.004)
  const smaller = { ...patch, side: 0.2 }
  expectMotion(align({ patch: smaller, look: (x, y) => [x + 0.05, y] }), [-0.05, 0, 0, 0, 0, 0])
})

test('a mask stays where it is when the camera moves, and is not looked at', () => {
  const maskedOut = (picture: Uint8Array) => picture.map((value, i) => (i % 64 < 24 && i < 64 * 24 ? 0 : value))
  const pair = {
    reference: greyPicture(maskedOut(drawScene())),
    recent: greyPicture(maskedOut(drawScene({ look: (x, y) => [x + 0.05, y - 0.03] }))),
  }
  expectMotion(alignBackgrounds(pair), [-0.05, 0, 0, 0.03, 0, 0])
})

test.each([
  ['all black, as under one mask', new Uint8Array(4096)],
  ['without any structure', new Uint8Array(4096).fill(90)],
  ['noise', drawScene({ noise: 200, tone: () => 100 })],
])('a picture that is %s has not moved', (_, recent) => {
  const motion = alignBackgrounds({ reference: greyPicture(drawScene()), recent: greyPicture(recent) })
  expect(motion.every(Number.isFinite)).toBe(true)
  expect(shiftOf(motion)).toBeLessThan(0.25)
  expect(shiftOf(alignBackgrounds({ reference: greyPicture(recent), recent: greyPicture(recent) }))).toBeLessThan(1e-3)
  expect(shiftOf(noMotion)).toBe(0)
})
