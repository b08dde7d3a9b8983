/** A hidden Markov model over classes; what it observes comes as log evidence, `[time, class]`. */
export type HiddenMarkovModel = {
  /** P(first class), `[class]`. */
  readonly initial: Float64Array
  /** P(to | from), `[from, to]`, rows of sum 1. */
  readonly next: Float64Array
}

/** The matrix with rows and columns exchanged, `[to, from]`. */
export function transposed(matrix: Float64Array, size: number): Float64Array {
  const turned = new Float64Array(matrix.length)
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) turned[column * size + row] = matrix[row * size + column]!
  }
  return turned
}

/**
 * product = vectorᵀ · matrix for a square `[row, column]` matrix. Four rows share each pass over the product, and no
 * sum waits for the one before it: this is the hot loop of forward and backward.
 */
export function multiplyRows(product: Float64Array, vector: Float64Array, matrix: Float64Array): void {
  const size = vector.length
  product.fill(0)
  let row = 0
  for (; row + 4 <= size; row += 4) {
    const [r0, r1, r2, r3] = [row * size, (row + 1) * size, (row + 2) * size, (row + 3) * size]
    const [v0, v1, v2, v3] = [vector[row]!, vector[row + 1]!, vector[row + 2]!, vector[row + 3]!]
    for (let k = 0; k < size; k++) {
      product[k]! += v0 * matrix[r0 + k]! + v1 * matrix[r1 + k]! + v2 * matrix[r2 + k]! + v3 * matrix[r3 + k]!
    }
  }
  for (; row < size; row++) {
    const value = vector[row]!
    for (let k = 0; k < size; k++) product[k]! += value * matrix[row * size + k]!
  }
}
