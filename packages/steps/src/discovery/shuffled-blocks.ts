import { random } from '@takt/nn'
import { type FeatureRows, rowCount } from '../temporal-head/feature-rows.ts'

/** The same rows in blocks of half to one and a half times `blockRows`, in random order: what is near stays near, what is far does not. */
export function shuffledBlocks(
  { values, dim }: FeatureRows,
  { blockRows, seed }: { readonly blockRows: number; readonly seed: number },
): FeatureRows {
  const draw = random(seed, 'shuffled blocks')
  const length = rowCount({ values, dim })
  const blocks: { readonly start: number; readonly end: number; readonly place: number }[] = []
  for (let start = 0, end = 0; start < length; start = end) {
    end = Math.min(length, start + Math.max(1, Math.round(blockRows * (0.5 + draw()))))
    blocks.push({ start, end, place: draw() })
  }
  const shuffled = new Float32Array(values.length)
  let at = 0
  for (const { start, end } of blocks.toSorted((a, b) => a.place - b.place)) {
    shuffled.set(values.subarray(start * dim, end * dim), at)
    at += (end - start) * dim
  }
  return { values: shuffled, dim }
}
