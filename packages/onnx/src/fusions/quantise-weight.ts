/** A weight as int8, transposed to [in, out], with one scale for each of its outputs: weight ≈ scale · values. */
export interface QuantisedWeight {
  readonly values: Int8Array<ArrayBuffer>
  readonly scales: Float32Array<ArrayBuffer>
}

/**
 * Seven bits, though eight would fit: without VNNI, x86 adds two products of an activation of 8 bits and a weight in 16
 * bits that saturate, and 2 · 255 · 64 is the most that they hold.
 */
const LARGEST = 64

/** Rounds a row-major weight [out, in] to int8, symmetrically, each output by its own largest weight. */
export function quantiseWeight(
  weight: ArrayLike<number>,
  [outputs, inputs]: readonly [outputs: number, inputs: number],
): QuantisedWeight {
  const values = new Int8Array(outputs * inputs)
  const scales = new Float32Array(outputs)
  for (let row = 0; row < outputs; row++) {
    let largest = 0
    for (let column = 0; column < inputs; column++) {
      largest = Math.max(largest, Math.abs(weight[row * inputs + column]!))
    }
    // An output without weights has any scale.
    const scale = largest / LARGEST || 1
    scales[row] = scale
    for (let column = 0; column < inputs; column++) {
      values[column * outputs + row] = Math.round(weight[row * inputs + column]! / scale)
    }
  }
  return { values, scales }
}
