/** Side of a background, pixels: a hundredth of the picture is more than half a pixel of it. */
export const backgroundSize = 64

/** Every so many pictures are looked at: at 8 a second, two a second, which hands seldom cover for long. */
const stride = 4

/**
 * What of a segment stands still: the median over time of its luma (Rec. 601), as `[64, 64]` grey bytes. A moving hand
 * leaves no trace where it covers a place for less than half of the time.
 *
 * `frames`: `[count, size, size, RGB]` uint8, at least one.
 */
export function backgroundOf(frames: Uint8Array, size: number): Uint8Array {
  const frameBytes = size * size * 3
  const count = Math.ceil(frames.byteLength / frameBytes / stride)
  const greys = Array.from({ length: count }, (_, i) =>
    greyOf(frames.subarray(i * stride * frameBytes, (i * stride + 1) * frameBytes), size),
  )
  return medianOf(greys)
}

/** The median of pictures, pixel by pixel: of an even number, the upper one of the two in the middle. */
export function medianOf(pictures: readonly Uint8Array[]): Uint8Array {
  const values = new Uint8Array(pictures.length)
  const middle = pictures.length >> 1
  return Uint8Array.from({ length: pictures[0]!.length }, (_, at) => {
    for (let i = 0; i < pictures.length; i++) values[i] = pictures[i]![at]!
    return values.sort()[middle]!
  })
}

/** One picture's luma, averaged over the pixels that each pixel of a background stands for. */
function greyOf(frame: Uint8Array, size: number): Uint8Array {
  const grey = new Uint8Array(backgroundSize * backgroundSize)
  const from = (i: number) => Math.floor((i * size) / backgroundSize)
  for (let row = 0; row < backgroundSize; row++) {
    const top = from(row)
    const bottom = Math.max(top + 1, from(row + 1))
    for (let column = 0; column < backgroundSize; column++) {
      const left = from(column)
      const right = Math.max(left + 1, from(column + 1))
      let sum = 0
      for (let y = top; y < bottom; y++)
        for (let x = left; x < right; x++) {
          const at = (y * size + x) * 3
          sum += 0.299 * frame[at]! + 0.587 * frame[at + 1]! + 0.114 * frame[at + 2]!
        }
      grey[row * backgroundSize + column] = Math.round(sum / ((bottom - top) * (right - left)))
    }
  }
  return grey
}
