import { StepsError } from './errors.ts'

/** Cells of the picture, and orientations of a gradient without its sign. */
const ROWS = 6
const COLUMNS = 8
const ORIENTATIONS = 9

/** Features of a cell: its orientations, and how much it changes. */
const PER_CELL = ORIENTATIONS + 1

/** Length of a descriptor. */
export const HOG_MOTION_DIM = ROWS * COLUMNS * PER_CELL

/** Keeps an empty cell's histogram from becoming noise: a tenth of a grey level of gradient a pixel. */
const LEAST_GRADIENT = 0.1

/**
 * A hand-made descriptor, the rival that a learnt encoder has to beat: histograms of oriented gradients (Dalal & Triggs
 * 2005), one a cell and each of length 1, and the square root of the cell's mean absolute change from frame to frame.
 * `frames` is `[2 · step, size, size, RGB]` uint8, two frames a step; the answer has one `[480]` a step.
 * Throws `frames_malformed`.
 */
export function hogMotion(frames: Uint8Array, size: number): readonly Float32Array[] {
  const frameBytes = size * size * 3
  const count = frames.length / frameBytes
  if (!(size >= 2 * COLUMNS && Number.isInteger(count / 2))) {
    throw new StepsError('frames_malformed', { bytes: frames.length, size })
  }
  const descriptors: Float32Array[] = []
  const cells = cellOfPixel(size)
  let before: Float32Array | undefined
  for (let frame = 0; frame < count; frame += 2) {
    const first = grey(frames.subarray(frame * frameBytes, (frame + 1) * frameBytes))
    const second = grey(frames.subarray((frame + 1) * frameBytes, (frame + 2) * frameBytes))
    const descriptor = new Float32Array(HOG_MOTION_DIM)
    addGradients(descriptor, second, cells, size)
    addChange(descriptor, before ?? first, first, cells)
    addChange(descriptor, first, second, cells)
    descriptors.push(finished(descriptor, (size * size) / (ROWS * COLUMNS)))
    before = second
  }
  return descriptors
}

function cellOfPixel(size: number): Uint8Array {
  return Uint8Array.from({ length: size * size }, (_, pixel) => {
    const [row, column] = [Math.floor(pixel / size), pixel % size]
    return Math.floor((row * ROWS) / size) * COLUMNS + Math.floor((column * COLUMNS) / size)
  })
}

/** Luma of BT.601. */
function grey(rgb: Uint8Array): Float32Array {
  return Float32Array.from({ length: rgb.length / 3 }, (_, pixel) => {
    return 0.299 * rgb[3 * pixel]! + 0.587 * rgb[3 * pixel + 1]! + 0.114 * rgb[3 * pixel + 2]!
  })
}

/** Adds each inner pixel's gradient to the two nearest orientations of its cell. */
function addGradients(descriptor: Float32Array, luma: Float32Array, cells: Uint8Array, size: number): void {
  for (let row = 1; row < size - 1; row++) {
    for (let column = 1; column < size - 1; column++) {
      const pixel = row * size + column
      const dx = luma[pixel + 1]! - luma[pixel - 1]!
      const dy = luma[pixel + size]! - luma[pixel - size]!
      const magnitude = Math.hypot(dx, dy)
      if (magnitude === 0) continue
      const turn = Math.atan2(dy, dx) / Math.PI
      const place = (turn < 0 ? turn + 1 : turn) * ORIENTATIONS
      const low = Math.floor(place)
      const share = place - low
      const at = cells[pixel]! * PER_CELL
      descriptor[at + (low % ORIENTATIONS)]! += magnitude * (1 - share)
      descriptor[at + ((low + 1) % ORIENTATIONS)]! += magnitude * share
    }
  }
}

function addChange(descriptor: Float32Array, from: Float32Array, to: Float32Array, cells: Uint8Array): void {
  for (const [pixel, cell] of cells.entries()) {
    descriptor[cell * PER_CELL + ORIENTATIONS]! += Math.abs(to[pixel]! - from[pixel]!)
  }
}

function finished(descriptor: Float32Array, pixelsPerCell: number): Float32Array {
  for (let at = 0; at < descriptor.length; at += PER_CELL) {
    const histogram = descriptor.subarray(at, at + ORIENTATIONS)
    const norm = Math.hypot(...histogram, LEAST_GRADIENT * pixelsPerCell)
    for (let bin = 0; bin < ORIENTATIONS; bin++) histogram[bin]! /= norm
    descriptor[at + ORIENTATIONS] = Math.sqrt(descriptor[at + ORIENTATIONS]! / (2 * pixelsPerCell))
  }
  return descriptor
}
