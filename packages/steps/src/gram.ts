import { breathe } from './breathe.ts'

/** Rows handled at once: a block of 32 rows of 3,072 floats stays in the second-level cache. */
const BLOCK = 32

/**
 * Gram matrix G = Z Zᵀ / dim + 1 of rows Z `[count, dim]`, as `[count, count]`: the inner products of the rows with a
 * constant feature for the bias. Throws the signal's reason when aborted.
 */
export async function gramMatrix(rows: readonly Float32Array[], signal?: AbortSignal): Promise<Float32Array> {
  const count = rows.length
  const dim = rows[0]?.length ?? 0
  const gram = new Float32Array(count * count)
  for (let from = 0; from < count; from += BLOCK) {
    await breathe(signal)
    for (let other = 0; other <= from; other += BLOCK) fillBlock(rows, dim, from, other, gram)
  }
  for (let i = 0; i < count; i++) for (let j = i + 1; j < count; j++) gram[i * count + j] = gram[j * count + i]!
  return gram
}

/** Two by two rows at a time: four products for four loads. */
function fillBlock(rows: readonly Float32Array[], dim: number, from: number, other: number, gram: Float32Array): void {
  const count = rows.length
  const last = count - 1
  for (let i = from; i < Math.min(from + BLOCK, count); i += 2) {
    const i1 = Math.min(i + 1, last)
    const a = rows[i]!
    const b = rows[i1]!
    for (let j = other; j < Math.min(other + BLOCK, count); j += 2) {
      const j1 = Math.min(j + 1, last)
      const c = rows[j]!
      const d = rows[j1]!
      let ac = 0
      let ad = 0
      let bc = 0
      let bd = 0
      for (let f = 0; f < dim; f++) {
        const x = a[f]!
        const y = b[f]!
        const u = c[f]!
        const v = d[f]!
        ac += x * u
        ad += x * v
        bc += y * u
        bd += y * v
      }
      gram[i * count + j] = ac / dim + 1
      gram[i * count + j1] = ad / dim + 1
      gram[i1 * count + j] = bc / dim + 1
      gram[i1 * count + j1] = bd / dim + 1
    }
  }
}
