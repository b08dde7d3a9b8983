import {
  add,
  div,
  expand,
  maximum,
  mean,
  mul,
  pad,
  reshape,
  scalarOf,
  slice,
  sum,
  type Tensor,
  transpose,
} from '@takt/graph'
import { truncatedNormal } from '../initialisers.ts'
import { declareLinear, type Linear, linear } from '../layers/linear.ts'
import { declareNorm, type Norm, norm } from '../layers/norm.ts'
import type { FeatureRows } from '../layers/row-projection.ts'
import { below, type Leaf } from '../parameters.ts'
import { type DividedBlock, declareDividedBlock, dividedBlock } from './divided-block.ts'

export interface TimesformerSpec {
  /** Numbers of a time step, all places together. */
  readonly channels: number
  readonly places: number
  readonly classes: number
  readonly dim: number
  readonly depth: number
  readonly heads: number
  /** Time steps whose mean is one token. */
  readonly pooled: number
  /** Tokens in time that see one another; even. */
  readonly window: number
}

/** Width and heads of ViT-Tiny (Touvron et al., 2021), four blocks deep, over windows of 64 tokens. */
export const timesformerTiny = { dim: 192, depth: 4, heads: 3, window: 64 } as const

export interface Timesformer<T> {
  readonly embedding: Linear<T>
  /** [window, dim] and [places, dim]. */
  readonly positions: { readonly time: T; readonly space: T }
  readonly blocks: readonly DividedBlock<T>[]
  readonly norm: Norm<T>
  readonly classifier: Linear<T>
}

export function declareTimesformer<T>(leaf: Leaf<T>, spec: TimesformerSpec): Timesformer<T> {
  const { channels, places, classes, dim, depth, window } = spec
  const initialiser = truncatedNormal(0.02)
  return {
    embedding: declareLinear(below('embedding', leaf), channels / places, dim),
    positions: {
      time: leaf({ name: 'positions.time', shape: [window, dim], initialiser }),
      space: leaf({ name: 'positions.space', shape: [places, dim], initialiser }),
    },
    blocks: Array.from({ length: depth }, (_, i) => declareDividedBlock(below(`blocks.${i}`, leaf), { dim, places })),
    norm: declareNorm(below('norm', leaf), dim),
    classifier: declareLinear(below('classifier', leaf), dim, classes),
  }
}

/**
 * A head on features that were learnt elsewhere, over time and over the coarse grid where they keep one: divided attention
 * (Bertasius, Wang & Torresani, 2021), a mean over places, a linear classifier. [times, channels] and mask [1, 1, times]
 * → logits [1, classes, times].
 *
 * Attention reaches over a window, so that memory grows with the length of a sequence and not with its square; windows
 * begin half a window earlier in every second block, which lets them tell one another (Liu et al., 2021, section 3.2).
 */
export function timesformer(
  parameters: Timesformer<Tensor>,
  features: FeatureRows,
  { mask, spec }: { readonly mask: Tensor; readonly spec: TimesformerSpec },
): Tensor {
  const { places, classes, dim, heads, pooled, window } = spec
  const times = features.rows.shape[0]!
  const { rows, seen } = poolTimes(features, { mask, pooled, window })
  const tokens = rows.shape[0]!
  const embedded = linear(parameters.embedding, reshape(rows, [tokens * places, spec.channels / places]))
  const { time, space } = parameters.positions
  const windows = reshape(embedded, [tokens / window, window, places, dim])
  const placed = add(add(windows, reshape(time, [window, 1, dim])), space)
  const attended = parameters.blocks.reduce(
    (x, block, i) => dividedBlock(block, x, { heads, places, window, shift: i % 2 === 0 ? 0 : window / 2, mask: seen }),
    reshape(placed, [tokens * places, dim]),
  )
  const ofTimes = mean(reshape(norm(parameters.norm, attended), [tokens, places, dim]), [1])
  const logits = transpose(linear(parameters.classifier, ofTimes), [1, 0])
  const spread = reshape(expand(reshape(logits, [classes, tokens, 1]), [classes, tokens, pooled]), [
    1,
    classes,
    tokens * pooled,
  ])
  return mul(slice(spread, { axis: 2, start: 0, end: times }), mask)
}

type Pooling = { readonly mask: Tensor; readonly pooled: number; readonly window: number }

/** Means of standardised rows over so many time steps that are there, whole windows of them, and which hold any. */
function poolTimes({ rows, gain, offset }: FeatureRows, { mask, pooled, window }: Pooling) {
  const [times, channels] = rows.shape as [number, number]
  const tokens = Math.ceil(times / (pooled * window)) * window
  const after = tokens * pooled - times
  const there = reshape(mask, [times, 1])
  const standardised = mul(add(mul(rows, gain), offset), there)
  const filled = (x: Tensor) => (after === 0 ? x : pad(x, { axis: 0, before: 0, after }))
  const sums = sum(reshape(filled(standardised), [tokens, pooled, channels]), [1])
  const counts = sum(reshape(filled(there), [tokens, pooled]), [1])
  const one = scalarOf(counts, 1)
  return {
    rows: div(sums, reshape(maximum(counts, one), [tokens, 1])),
    seen: div(counts, maximum(counts, one)),
  }
}
