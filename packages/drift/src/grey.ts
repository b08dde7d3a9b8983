import { backgroundSize } from './background.ts'

/** A grey picture, `[size, size]`, and which of its pixels show the place: 0 where a mask hides it. */
export interface Grey {
  readonly size: number
  readonly data: Float64Array
  readonly shown: Uint8Array
}

/** Black as masks leave it. A camera's own black has noise. */
const masked = 0
/** Pixels around a mask that smoothing mixes with it. */
const margin = 2

/** A background as a picture, smoothed by 1-2-1 in both directions against noise. */
export function greyPicture(background: Uint8Array): Grey {
  const size = backgroundSize
  const shown = new Uint8Array(size * size).fill(1)
  for (let i = 0; i < background.length; i++)
    if (background[i] === masked) hideAround(shown, i % size, Math.floor(i / size))
  const at = (x: number, y: number) => background[clamp(y, size) * size + clamp(x, size)]!
  const across = (x: number, y: number) => (at(x - 1, y) + 2 * at(x, y) + at(x + 1, y)) / 4
  const data = Float64Array.from({ length: size * size }, (_, i) => {
    const [x, y] = [i % size, Math.floor(i / size)]
    return (across(x, y - 1) + 2 * across(x, y) + across(x, y + 1)) / 4
  })
  return { size, data, shown }
}

function hideAround(shown: Uint8Array, column: number, row: number): void {
  for (let y = Math.max(0, row - margin); y <= Math.min(backgroundSize - 1, row + margin); y++)
    for (let x = Math.max(0, column - margin); x <= Math.min(backgroundSize - 1, column + margin); x++)
      shown[y * backgroundSize + x] = 0
}

/** Half as wide and high: each pixel the mean of four, shown where all four are. */
export function halved({ size, data, shown }: Grey): Grey {
  const half = size / 2
  const four = (i: number) => {
    const corner = 2 * Math.floor(i / half) * size + 2 * (i % half)
    return [corner, corner + 1, corner + size, corner + size + 1]
  }
  return {
    size: half,
    data: Float64Array.from({ length: half * half }, (_, i) => four(i).reduce((sum, at) => sum + data[at]!, 0) / 4),
    shown: Uint8Array.from({ length: half * half }, (_, i) => four(i).reduce((all, at) => all & shown[at]!, 1)),
  }
}

/** A picture at a point between its pixels, with its slope there per width of the picture. */
export interface Sample {
  readonly value: number
  readonly slopeX: number
  readonly slopeY: number
}

/** The picture at x and y, from −½ to ½, bilinear; null outside of it and where a mask hides it. */
export function sample({ size, data, shown }: Grey, x: number, y: number): Sample | null {
  const column = (x + 0.5) * size - 0.5
  const row = (y + 0.5) * size - 0.5
  const left = Math.floor(column)
  const top = Math.floor(row)
  if (left < 0 || top < 0 || left >= size - 1 || top >= size - 1) return null
  const corner = top * size + left
  if (!(shown[corner]! & shown[corner + 1]! & shown[corner + size]! & shown[corner + size + 1]!)) return null
  const [right, down] = [column - left, row - top]
  const [a, b, c, d] = [data[corner]!, data[corner + 1]!, data[corner + size]!, data[corner + size + 1]!]
  const [upper, lower] = [a + (b - a) * right, c + (d - c) * right]
  return {
    value: upper + (lower - upper) * down,
    slopeX: ((b - a) * (1 - down) + (d - c) * down) * size,
    slopeY: (lower - upper) * size,
  }
}

const clamp = (value: number, size: number): number => Math.min(size - 1, Math.max(0, value))
