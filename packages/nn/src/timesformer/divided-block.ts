import { add, expand, mul, pad, reshape, scalarOf, slice, sub, type Tensor, transpose } from '@takt/graph'
import { type Attention, attention, declareAttention } from '../layers/attention.ts'
import { declareMlp, type Mlp, mlp } from '../layers/mlp.ts'
import { declareNorm, type Norm, norm } from '../layers/norm.ts'
import { below, type Leaf } from '../parameters.ts'

export interface DividedBlock<T> {
  readonly timeNorm: Norm<T>
  readonly time: Attention<T>
  /** Where there is more than one place. */
  readonly space: { readonly norm: Norm<T>; readonly attention: Attention<T> } | null
  readonly mlpNorm: Norm<T>
  readonly mlp: Mlp<T>
}

export function declareDividedBlock<T>(
  leaf: Leaf<T>,
  { dim, places }: { readonly dim: number; readonly places: number },
): DividedBlock<T> {
  const space = below('space', leaf)
  return {
    timeNorm: declareNorm(below('timeNorm', leaf), dim),
    time: declareAttention(below('time', leaf), dim),
    space:
      places === 1
        ? null
        : { norm: declareNorm(below('norm', space), dim), attention: declareAttention(below('attention', space), dim) },
    mlpNorm: declareNorm(below('mlpNorm', leaf), dim),
    mlp: declareMlp(below('mlp', leaf), dim),
  }
}

export interface Windows {
  readonly heads: number
  readonly places: number
  /** Time steps that see one another. */
  readonly window: number
  /** By how many time steps windows begin before the first one; less than a window. */
  readonly shift: number
  /** [times]: 1 for a time step that is there, 0 for one that only fills. */
  readonly mask: Tensor
}

/** What is added to the score of a key that only fills. */
const UNSEEN = 1e9

/**
 * Divided attention, [times·places, dim] → the same: each token attends to its place at other times, then to the other
 * places at its time; times are a multiple of the window. Bertasius, Wang & Torresani, 2021, section 3.
 */
export function dividedBlock(block: DividedBlock<Tensor>, x: Tensor, windows: Windows): Tensor {
  const { heads, places } = windows
  const timed = add(x, overTime(block, norm(block.timeNorm, x), windows))
  const { space } = block
  const spaced = space
    ? add(
        timed,
        attention(space.attention, norm(space.norm, timed), { batch: x.shape[0]! / places, tokens: places, heads }),
      )
    : timed
  return add(spaced, mlp(block.mlp, norm(block.mlpNorm, spaced)))
}

/** Attention over time within windows, which are filled up at both ends where they are shifted. */
function overTime({ time }: DividedBlock<Tensor>, x: Tensor, { heads, places, window, shift, mask }: Windows): Tensor {
  const dim = x.shape[1]!
  const times = x.shape[0]! / places
  const around = shift === 0 ? { before: 0, after: 0 } : { before: shift, after: window - shift }
  const count = (times + around.before + around.after) / window
  const filled = (rows: Tensor) => (shift === 0 ? rows : pad(rows, { axis: 0, ...around }))
  // [count, window, places, dim] → [count, places, window, dim]
  const byTime = reshape(filled(reshape(x, [times, places * dim])), [count, window, places, dim])
  const byPlace = places === 1 ? byTime : transpose(byTime, [0, 2, 1, 3])
  const seen = reshape(filled(mask), [count, 1, 1, 1, window])
  const bias = mul(sub(seen, scalarOf(seen, 1)), scalarOf(seen, UNSEEN))
  const keyBias = reshape(expand(bias, [count, places, 1, 1, window]), [count * places, 1, 1, window])
  const rows = reshape(byPlace, [count * places * window, dim])
  const attended = attention(time, rows, { batch: count * places, tokens: window, heads, keyBias })
  const back = reshape(attended, [count, places, window, dim])
  const inOrder = reshape(places === 1 ? back : transpose(back, [0, 2, 1, 3]), [count * window, places * dim])
  const own = shift === 0 ? inOrder : slice(inOrder, { axis: 0, start: shift, end: shift + times })
  return reshape(own, [times * places, dim])
}
