import type { Plane } from './yuv-picture.ts'

/** The part of the source that fills the output, in source pixels. */
export interface Window {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly mirrored: boolean
}

export interface PlaneLook {
  /** Output value of each input value. */
  readonly tone: Uint8Array
  /** Added sample by sample from `noiseOffset` on; as long as a plane at least twice over. */
  readonly noise: Int8Array
  readonly noiseOffset: number
}

const fraction = 256

/** Scales `window` of one plane to the whole plane of `out` (bilinear), then applies tone and noise. */
export const resamplePlane = (
  source: Uint8Array,
  out: Uint8ClampedArray,
  plane: Plane,
  window: Window,
  { tone, noise, noiseOffset }: PlaneLook,
): void => {
  const { offset, width, height, step } = plane
  const columns = positions(width, window.x / step, window.width / step)
  if (window.mirrored) columns.reverse()
  const rows = positions(height, window.y / step, window.height / step)
  let at = offset
  let noiseAt = noiseOffset
  for (let row = 0; row < height; row++) {
    const top = offset + (rows[row]! >> 8) * width
    const bottom = top + width
    const down = rows[row]! & 255
    for (let column = 0; column < width; column++) {
      const left = columns[column]! >> 8
      const right = columns[column]! & 255
      const upper = source[top + left]! * (fraction - right) + source[top + left + 1]! * right
      const lower = source[bottom + left]! * (fraction - right) + source[bottom + left + 1]! * right
      out[at++] = tone[(upper * (fraction - down) + lower * down) >> 16]! + noise[noiseAt++]!
    }
  }
}

/** Source position of each output sample in 1/256, kept one sample off the far edge. */
const positions = (size: number, start: number, length: number): Int32Array => {
  const last = (size - 1) * fraction - 1
  return Int32Array.from({ length: size }, (_, index) =>
    Math.min(last, Math.max(0, Math.round((start + ((index + 0.5) * length) / size - 0.5) * fraction))),
  )
}
