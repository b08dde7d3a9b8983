import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type CostMatrix, hungarian } from './hungarian.ts'

const matrix = (...rows: readonly number[][]): CostMatrix => ({
  rows: rows.length,
  columns: rows[0]?.length ?? 0,
  values: Float64Array.from(rows.flat()),
})

it('assigns each row a column of its own, at least cost', () => {
  // 2 + 1; the first row's own least, 1, would leave 5 to the second.
  expect([...hungarian(matrix([1, 2], [1, 5]))]).toEqual([1, 0])
  expect([...hungarian(matrix([4, 1, 3], [2, 0, 5], [3, 2, 2]))]).toEqual([1, 0, 2])
})

it('leaves rows over where there are fewer columns, and columns where there are fewer rows', () => {
  expect([...hungarian(matrix([1], [0], [2]))]).toEqual([-1, 0, -1])
  expect([...hungarian(matrix([3, 0, 2]))]).toEqual([1])
  expect([...hungarian(matrix())]).toEqual([])
})

const anyMatrix = fc
  .tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 }))
  .chain(([rows, columns]) =>
    fc
      .array(fc.integer({ min: -20, max: 20 }), { minLength: rows * columns, maxLength: rows * columns })
      .map((values): CostMatrix => ({ rows, columns, values: Float64Array.from(values) })),
  )

it('finds the same total as trying every assignment', () => {
  fc.assert(
    fc.property(anyMatrix, cost => {
      const columns = hungarian(cost)
      const used = [...columns].filter(column => column >= 0)
      expect(used).toHaveLength(Math.min(cost.rows, cost.columns))
      expect(new Set(used).size).toBe(used.length)
      expect(total(cost, columns)).toBe(leastOf(cost))
    }),
    { numRuns: 500 },
  )
})

it('finds the same total in whatever order the rows come', () => {
  fc.assert(
    fc.property(anyMatrix, fc.infiniteStream(fc.nat()), (cost, keys) => {
      const order = Array.from({ length: cost.rows }, (_, row) => ({ row, key: keys.next().value! }))
        .sort((a, b) => a.key - b.key)
        .map(({ row }) => row)
      const values = Float64Array.from(
        order.flatMap(row => [...cost.values.slice(row * cost.columns, (row + 1) * cost.columns)]),
      )
      const shuffled = { ...cost, values }
      expect(total(shuffled, hungarian(shuffled))).toBe(total(cost, hungarian(cost)))
    }),
  )
})

const total = ({ columns, values }: CostMatrix, columnOfRow: Int32Array): number =>
  columnOfRow.reduce((sum, column, row) => sum + (column < 0 ? 0 : values[row * columns + column]!), 0)

/** By trying them all: a row takes any free column, or none while enough rows remain to fill the columns. */
function leastOf({ rows, columns, values }: CostMatrix): number {
  const pairs = Math.min(rows, columns)
  const search = (row: number, taken: ReadonlySet<number>): number => {
    if (taken.size === pairs) return 0
    if (row === rows) return Number.POSITIVE_INFINITY
    let least = search(row + 1, taken)
    for (let column = 0; column < columns; column++) {
      if (taken.has(column)) continue
      least = Math.min(least, values[row * columns + column]! + search(row + 1, new Set([...taken, column])))
    }
    return least
  }
  return search(0, new Set())
}
