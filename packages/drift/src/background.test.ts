import { expect, test } from 'vitest'
import { backgroundOf, backgroundSize } from './background.ts'

const frames = (count: number, size: number, grey: (frame: number, x: number, y: number) => number) =>
  Uint8Array.from({ length: count * size * size * 3 }, (_, i) => {
    const pixel = Math.floor(i / 3)
    return grey(Math.floor(pixel / size ** 2), pixel % size, Math.floor(pixel / size) % size)
  })

test('a hand that is at each place for less than half of the time leaves no trace', () => {
  const passing = frames(32, 64, (frame, x) => (Math.abs(x - 2 * frame) < 8 ? 255 : 80))
  expect(backgroundOf(passing, 64)).toEqual(new Uint8Array(backgroundSize ** 2).fill(80))
})

test('what stays is kept where it is, whatever the size of the frames', () => {
  for (const size of [32, 64, 128, 100]) {
    const background = backgroundOf(
      frames(16, size, (_, x, y) => (x < size / 2 && y < size / 2 ? 200 : 40)),
      size,
    )
    expect(background[10 * backgroundSize + 10]).toBe(200)
    expect(background[10 * backgroundSize + 50]).toBe(40)
    expect(background[50 * backgroundSize + 10]).toBe(40)
  }
})

test('colours count as their luma', () => {
  const red = Uint8Array.from({ length: 64 * 64 * 3 }, (_, i) => (i % 3 === 0 ? 255 : 0))
  expect(backgroundOf(red, 64)[0]).toBe(76)
})

test('of frames of which fewer than a stride are there, the first is enough', () => {
  expect(
    backgroundOf(
      frames(1, 4, () => 9),
      4,
    ),
  ).toEqual(new Uint8Array(backgroundSize ** 2).fill(9))
})
