import { cholesky, solveLower, solveUpper } from './cholesky.ts'

/** Weighted least squares of few unknowns, gathered row by row. */
export interface LeastSquares {
  /** Adds `weight · (target − row · unknowns)²` to what is minimised. */
  readonly add: (row: Float64Array, target: number, weight: number) => void
  /** The unknowns. One that rows say nothing about stays near 0, by a ridge. */
  readonly solve: () => Float64Array<ArrayBuffer>
}

/** Of the largest diagonal entry of the normal equations. */
const ridge = 1e-9

export function leastSquares(unknowns: number): LeastSquares {
  const gram = new Float64Array(unknowns * unknowns)
  const moment = new Float64Array(unknowns)
  return {
    add: (row, target, weight) => {
      for (let i = 0; i < unknowns; i++) {
        const weighted = weight * row[i]!
        moment[i]! += weighted * target
        for (let j = 0; j <= i; j++) gram[i * unknowns + j]! += weighted * row[j]!
      }
    },
    solve: () => {
      const diagonal = Array.from({ length: unknowns }, (_, i) => i * (unknowns + 1))
      const added = ridge * Math.max(1, ...diagonal.map(at => gram[at]!))
      const ridged = gram.slice()
      for (const at of diagonal) ridged[at]! += added
      const factor = cholesky(ridged, unknowns)
      return solveUpper(factor, solveLower(factor, moment))
    },
  }
}
