/** L of a symmetric positive definite matrix G = L Lᵀ, `[n, n]` row by row, of which the lower triangle is read. */
export function cholesky(gram: Float64Array, n: number): Float64Array {
  const factor = new Float64Array(n * n)
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      let sum = gram[i * n + j]!
      for (let k = 0; k < j; k++) sum -= factor[i * n + k]! * factor[j * n + k]!
      factor[i * n + j] = i === j ? Math.sqrt(Math.max(sum, Number.MIN_VALUE)) : sum / factor[j * n + j]!
    }
  return factor
}

/** y of L y = b. */
export function solveLower(factor: Float64Array, b: Float64Array): Float64Array {
  const n = b.length
  const y = new Float64Array(n)
  for (let i = 0; i < n; i++) {
    let sum = b[i]!
    for (let j = 0; j < i; j++) sum -= factor[i * n + j]! * y[j]!
    y[i] = sum / factor[i * n + i]!
  }
  return y
}

/** x of Lᵀ x = y. */
export function solveUpper(factor: Float64Array, y: Float64Array): Float64Array<ArrayBuffer> {
  const n = y.length
  const x = new Float64Array(n)
  for (let i = n - 1; i >= 0; i--) {
    let sum = y[i]!
    for (let j = i + 1; j < n; j++) sum -= factor[j * n + i]! * x[j]!
    x[i] = sum / factor[i * n + i]!
  }
  return x
}
