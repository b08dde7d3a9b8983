import { cholesky, solveLower } from './cholesky.ts'
import { dot } from './dot.ts'

/** How far a mean of segments lies from others, in units of how those differ among themselves. */
export type PlaceLaw = (mean: Float64Array) => number

/** Of the mean variance of a channel: what directions that the segments do not span are given. */
const shrinkage = 0.1

/**
 * What segments are like at one place, `[count][width]`: distances from their mean by a regularised Hotelling T²
 * (Chen, Paul, Prentice & Wang, JASA 2011), `√(δᵀ (S + λI)⁻¹ δ / width)`. Directions in which the segments differ
 * anyway, such as the light's, count little; new ones count much. Segments are fewer than channels, so by Woodbury's
 * identity only a matrix of their products is factored: `δᵀ(S + λI)⁻¹δ = (|δ|² − kᵀ(nλI + XXᵀ)⁻¹k) / λ`, k = Xδ.
 */
export function placeLaw(segments: readonly Float32Array[]): PlaceLaw {
  const n = segments.length
  const width = segments[0]!.length
  const mean = meanOf(segments)
  // Kept for as long as the law is: at half the size.
  const centred = segments.map(segment => Float32Array.from(segment, (value, i) => value - mean[i]!))
  const total = centred.reduce((sum, row) => sum + dot(row, row), 0)
  const lambda = Math.max((shrinkage * total) / (n * width), 1e-12)
  const gram = new Float64Array(n * n)
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) gram[i * n + j] = dot(centred[i]!, centred[j]!) + (i === j ? n * lambda : 0)
  const factor = cholesky(gram, n)
  return other => {
    const difference = other.map((value, i) => value - mean[i]!)
    const half = solveLower(
      factor,
      Float64Array.from(centred, row => dot(row, difference)),
    )
    return Math.sqrt(Math.max(0, dot(difference, difference) - dot(half, half)) / (lambda * width))
  }
}

export function meanOf(rows: readonly Float32Array[]): Float64Array {
  const mean = new Float64Array(rows[0]!.length)
  for (const row of rows) for (let i = 0; i < row.length; i++) mean[i]! += row[i]! / rows.length
  return mean
}
