import { describe, expect, it } from 'vitest'
import { HOG_MOTION_DIM, hogMotion } from './hog-motion.ts'

const SIZE = 48
const CELL = HOG_MOTION_DIM / 48

/** A grey frame as RGB from a brightness by row and column. */
function frame(brightness: (row: number, column: number) => number): Uint8Array {
  const rgb = new Uint8Array(SIZE * SIZE * 3)
  for (let pixel = 0; pixel < SIZE * SIZE; pixel++) {
    rgb.fill(brightness(Math.floor(pixel / SIZE), pixel % SIZE), 3 * pixel, 3 * pixel + 3)
  }
  return rgb
}

function film(...frames: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(frames.flatMap(each => [...each]))
}

/** The cell that a row and a column of the 48 × 48 picture lie in, as its features. */
function cellAt(descriptor: Float32Array, row: number, column: number): Float32Array {
  const at = (Math.floor(row / 8) * 8 + Math.floor(column / 6)) * CELL
  return descriptor.subarray(at, at + CELL)
}

describe('the hand-made descriptor', () => {
  it('says nothing of a grey picture that stays', () => {
    const grey = frame(() => 100)
    const [descriptor] = hogMotion(film(grey, grey), SIZE)
    expect(descriptor).toHaveLength(480)
    expect(Math.max(...descriptor!)).toBe(0)
  })

  it('puts a vertical edge into the orientation of its gradient, along the rows', () => {
    const edge = frame((_, column) => (column < 27 ? 50 : 200))
    const cell = cellAt(hogMotion(film(edge, edge), SIZE)[0]!, 20, 27)
    expect(cell[0]).toBeGreaterThan(0.9)
    expect(Math.max(...cell.subarray(1, 9))).toBeLessThan(1e-6)
  })

  it('sees an edge alike whichever side is bright', () => {
    const dark = frame((_, column) => (column < 27 ? 50 : 200))
    const bright = frame((_, column) => (column < 27 ? 200 : 50))
    expect(hogMotion(film(dark, dark), SIZE)[0]).toEqual(hogMotion(film(bright, bright), SIZE)[0])
  })

  it('hardly changes where the contrast doubles', () => {
    const faint = frame((row, column) => 100 + (column < 27 ? 0 : 40) + (row < 20 ? 0 : 20))
    const strong = frame((row, column) => 60 + 2 * ((column < 27 ? 0 : 40) + (row < 20 ? 0 : 20)))
    const [a, b] = [faint, strong].map(each => hogMotion(film(each, each), SIZE)[0]!)
    for (const [at, value] of a!.entries()) expect(Math.abs(value - b![at]!)).toBeLessThan(0.05)
  })

  it('sees change where it is, within a step and from the step before', () => {
    const rest = frame(() => 100)
    const moved = frame((row, column) => (row < 8 && column < 6 ? 140 : 100))
    const [before, during, after] = hogMotion(film(rest, rest, moved, rest, rest, rest), SIZE)
    const motionOf = (descriptor: Float32Array, row: number, column: number) => cellAt(descriptor, row, column)[9]
    expect(motionOf(before!, 4, 3)).toBe(0)
    expect(motionOf(during!, 4, 3)).toBeCloseTo(Math.sqrt(40), 3)
    expect(motionOf(during!, 20, 27)).toBe(0)
    expect(motionOf(after!, 4, 3)).toBe(0)
  })

  it('refuses half steps and pictures smaller than its cells', () => {
    const refused = (bytes: number, size: number) => () => hogMotion(new Uint8Array(bytes), size)
    expect(refused(SIZE * SIZE * 3, SIZE)).toThrow(expect.objectContaining({ code: 'frames_malformed' }))
    expect(refused(SIZE * SIZE * 6 + 1, SIZE)).toThrow(expect.objectContaining({ code: 'frames_malformed' }))
    expect(refused(0, 0)).toThrow(expect.objectContaining({ code: 'frames_malformed' }))
    expect(refused(8 * 8 * 6, 8)).toThrow(expect.objectContaining({ code: 'frames_malformed' }))
  })
})
