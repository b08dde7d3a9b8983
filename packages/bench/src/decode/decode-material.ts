import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { seededRandom } from './seeded-random.ts'

/** An array that both rivals read: here as numbers, there as a file of float64. */
export interface SharedArray {
  readonly values: Float64Array
  readonly file: string
  readonly shape: readonly number[]
}

export async function share(folder: string, name: string, values: Float64Array, shape: readonly number[]) {
  const file = join(folder, `${name}.f64`)
  await writeFile(file, values)
  return { values, file, shape } satisfies SharedArray
}

/** A Markov chain that mostly stays and then prefers some successors, and log evidence that is often wrong. */
export function drawChain({ steps, classCount, seed }: { steps: number; classCount: number; seed: number }) {
  const { uniform, normal } = seededRandom(seed)
  const next = new Float64Array(classCount * classCount)
  for (let from = 0; from < classCount; from++) {
    const row = next.subarray(from * classCount, (from + 1) * classCount)
    const shares = row.map((_, to) => (to === from ? 0 : -Math.log(1 - uniform())))
    const total = shares.reduce((sum, share) => sum + share, 0)
    for (let to = 0; to < classCount; to++) row[to] = to === from ? staying : ((1 - staying) * shares[to]!) / total
  }
  const logEvidence = new Float64Array(steps * classCount)
  let current = 0
  for (let t = 0; t < steps; t++) {
    const row = next.subarray(current * classCount, (current + 1) * classCount)
    for (let left = uniform(), to = 0; to < classCount; to++) {
      left -= row[to]!
      if (left > 0) continue
      current = to
      break
    }
    for (let k = 0; k < classCount; k++) logEvidence[t * classCount + k] = (k === current ? 1 : 0) + normal()
  }
  return { initial: new Float64Array(classCount).fill(1 / classCount), next, logEvidence }
}

const staying = 0.95

/** A signal whose mean jumps every 80 samples or so. */
export function drawSignal({ samples, dim, seed }: { samples: number; dim: number; seed: number }): Float64Array {
  const { uniform, normal } = seededRandom(seed)
  const mean = new Float64Array(dim)
  const values = new Float64Array(samples * dim)
  for (let t = 0; t < samples; t++) {
    if (uniform() < 1 / 80) for (let d = 0; d < dim; d++) mean[d] = 2 * normal()
    for (let d = 0; d < dim; d++) values[t * dim + d] = mean[d]! + normal()
  }
  return values
}
