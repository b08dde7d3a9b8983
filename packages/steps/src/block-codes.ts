/**
 * Eight-bit codes in blocks of 64, one scale a block: x ≈ code · scale, scale = max|x| / 127.
 * A vector waits for its look-ahead in this form, so that a checkpoint stays small; an outlier costs precision only
 * within its own block.
 */
export type BlockCodes = { readonly scales: Float32Array; readonly codes: Int8Array }

const BLOCK = 64

/** Blocks, and so scales, of a vector of this dimension. */
export function blockCount(dim: number): number {
  return Math.ceil(dim / BLOCK)
}

/** Codes `[dim]` of a finite vector; the error is at most half a scale. */
export function encodeBlocks(x: Float32Array): BlockCodes {
  const scales = new Float32Array(blockCount(x.length))
  const codes = new Int8Array(x.length)
  for (let block = 0; block < scales.length; block++) {
    const from = block * BLOCK
    const to = Math.min(from + BLOCK, x.length)
    let largest = 0
    for (let j = from; j < to; j++) largest = Math.max(largest, Math.abs(x[j]!))
    if (largest === 0) continue
    scales[block] = largest / 127
    const perUnit = 127 / largest
    for (let j = from; j < to; j++) codes[j] = Math.round(x[j]! * perUnit)
  }
  return { scales, codes }
}

/** The vector `[dim]` that the codes stand for. */
export function decodeBlocks({ scales, codes }: BlockCodes): Float32Array {
  const x = new Float32Array(codes.length)
  for (let block = 0; block < scales.length; block++) {
    const scale = scales[block]!
    const to = Math.min((block + 1) * BLOCK, codes.length)
    for (let j = block * BLOCK; j < to; j++) x[j] = codes[j]! * scale
  }
  return x
}
