/** A matrix by rows. */
export type CostMatrix = { readonly rows: number; readonly columns: number; readonly values: Float64Array }

const NONE = -1

/**
 * The assignment of rows to columns, each used once, of least total cost: the column of each row, −1 for the rows that a
 * matrix with fewer columns leaves over. Finite costs of any sign; O(min² · max).
 *
 * The Hungarian method (Kuhn 1955, Munkres 1957) as shortest augmenting paths over potentials (Jonker and Volgenant
 * 1987): rows enter one at a time, and a path of least reduced cost c(i, j) − u(i) − v(j) leads each to a free column.
 */
export function hungarian(cost: CostMatrix): Int32Array {
  if (cost.rows <= cost.columns) return assignRows(cost)
  const columnOfRow = new Int32Array(cost.rows).fill(NONE)
  for (const [column, row] of assignRows(transpose(cost)).entries()) columnOfRow[row] = column
  return columnOfRow
}

function assignRows({ rows, columns, values }: CostMatrix): Int32Array {
  const u = new Float64Array(rows)
  const v = new Float64Array(columns)
  const rowOfColumn = new Int32Array(columns).fill(NONE)
  for (let entering = 0; entering < rows; entering++) {
    const distance = new Float64Array(columns).fill(Number.POSITIVE_INFINITY)
    const before = new Int32Array(columns).fill(NONE)
    const visited = new Uint8Array(columns)
    let column = NONE
    // Until a free column is reached: settle the nearest, then look on from the row that holds it.
    do {
      const row = column === NONE ? entering : rowOfColumn[column]!
      let nearest = NONE
      for (let j = 0; j < columns; j++) {
        if (visited[j]) continue
        const reduced = values[row * columns + j]! - u[row]! - v[j]!
        if (reduced < distance[j]!) {
          distance[j] = reduced
          before[j] = column
        }
        if (nearest === NONE || distance[j]! < distance[nearest]!) nearest = j
      }
      const step = distance[nearest]!
      u[entering]! += step
      for (let j = 0; j < columns; j++) {
        if (!visited[j]) distance[j]! -= step
        else {
          u[rowOfColumn[j]!]! += step
          v[j]! -= step
        }
      }
      visited[nearest] = 1
      column = nearest
    } while (rowOfColumn[column] !== NONE)
    // Along the path, each column passes to the row before it.
    while (column !== NONE) {
      const previous = before[column]!
      rowOfColumn[column] = previous === NONE ? entering : rowOfColumn[previous]!
      column = previous
    }
  }
  const columnOfRow = new Int32Array(rows).fill(NONE)
  for (const [column, row] of rowOfColumn.entries()) if (row !== NONE) columnOfRow[row] = column
  return columnOfRow
}

function transpose({ rows, columns, values }: CostMatrix): CostMatrix {
  const turned = new Float64Array(values.length)
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) turned[j * rows + i] = values[i * columns + j]!
  return { rows: columns, columns: rows, values: turned }
}
