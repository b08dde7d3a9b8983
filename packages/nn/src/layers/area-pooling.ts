import { constant, float32, matmul, type Tensor } from '@takt/graph'

interface AreaGrid {
  /** Tokens along each side. */
  readonly side: number
  /** Cells along each side, at most as many. */
  readonly grid: number
}

/**
 * Averages tokens over the cells of a coarser grid that does not divide their own, each token by the area that it has in
 * a cell: [batch, times, side², dim] → [batch, times, grid², dim].
 */
export function poolAreas(tokens: Tensor, { side, grid }: AreaGrid): Tensor {
  const along = overlaps({ side, grid })
  const rows: number[] = []
  for (const y of along) {
    for (const x of along) {
      for (const height of y) for (const width of x) rows.push(height * width)
    }
  }
  return matmul(constant(float32([grid * grid, side * side], rows)), tokens)
}

/** Of each cell along one side, the share of it that each token fills; they sum to 1. */
function overlaps({ side, grid }: AreaGrid): readonly (readonly number[])[] {
  const length = side / grid
  return Array.from({ length: grid }, (_, cell) =>
    Array.from({ length: side }, (_, token) => {
      const filled = Math.min(token + 1, (cell + 1) * length) - Math.max(token, cell * length)
      return Math.max(0, filled) / length
    }),
  )
}
