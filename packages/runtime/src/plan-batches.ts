import { runtimeError } from './errors.ts'

/** One run: `count` clips in a model of batch `size`; the rest of the batch is padding. */
export interface Batch {
  readonly size: number
  readonly count: number
}

/** The fewest runs of the given sizes that hold `clips`, largest first; only the last may be padded. */
export function planBatches(clips: number, sizes: readonly number[]): readonly Batch[] {
  const descending = sizes.toSorted((a, b) => b - a)
  const batches: Batch[] = []
  for (let left = clips; left > 0; left -= batches.at(-1)!.count) {
    const size = descending.find(candidate => candidate <= left) ?? descending.at(-1)!
    batches.push({ size, count: Math.min(size, left) })
  }
  return batches
}

export function requireBatchSizes(sizes: readonly number[]): void {
  const positive = sizes.every(size => Number.isSafeInteger(size) && size > 0)
  if (sizes.length === 0 || !positive || new Set(sizes).size !== sizes.length) {
    throw runtimeError('bad_batch_sizes', { sizes })
  }
}
