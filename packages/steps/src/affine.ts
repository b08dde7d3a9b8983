/** y = W x + b, by `weights` W `[out, in]` and `biases` b `[out]`. */
export type Affine = { readonly weights: Float32Array; readonly biases: Float32Array }

/** Rows of numbers one after the other, and where one begins. */
export type At<Values> = { readonly values: Values; readonly at: number }

/**
 * Writes W x + b, x and y being rows of longer arrays. Four outputs share each load of x: this is the hot loop of a
 * station. Sums are in float64 and in one order, so that the same input gives the same bits.
 */
export function affine({ weights, biases }: Affine, x: At<Float32Array>, y: At<Float32Array | Float64Array>): void {
  const last = biases.length - 1
  const inputs = weights.length / biases.length
  const { values, at } = x
  for (let k = 0; k <= last; k += 4) {
    // The last output repeats where their number is no multiple of four.
    const [k1, k2, k3] = [Math.min(k + 1, last), Math.min(k + 2, last), Math.min(k + 3, last)]
    const [w0, w1, w2, w3] = [k * inputs, k1 * inputs, k2 * inputs, k3 * inputs]
    let s0 = 0
    let s1 = 0
    let s2 = 0
    let s3 = 0
    for (let j = 0; j < inputs; j++) {
      const value = values[at + j]!
      s0 += weights[w0 + j]! * value
      s1 += weights[w1 + j]! * value
      s2 += weights[w2 + j]! * value
      s3 += weights[w3 + j]! * value
    }
    y.values[y.at + k] = s0 + biases[k]!
    y.values[y.at + k1] = s1 + biases[k1]!
    y.values[y.at + k2] = s2 + biases[k2]!
    y.values[y.at + k3] = s3 + biases[k3]!
  }
}
