import { add, concat, gemm, mul, pad, relu, reshape, slice, type Tensor } from '@takt/graph'
import type { WindowNetwork } from './window-network.ts'

/** weights `[out, in]` and biases `[out]` as tensors of a graph. */
export type AffineTensors = { readonly weights: Tensor; readonly biases: Tensor }

/**
 * What `scoreWindow` works out for the middle of each window, as a graph: x `[batch, rows, inputs]` and mask
 * `[batch, rows, 1]`, 1 where something was seen, → logits `[batch, class]`. Rows are those of a window and one more,
 * which no score depends on. Dilations double, so each layer looks at every second row of the one before.
 */
export function windowLogits({ input, layers, output }: WindowNetwork<AffineTensors>, x: Tensor, mask: Tensor): Tensor {
  let y = mul(mapRows(input, x), mask)
  let seen = mask
  for (const { dilated, pointwise } of layers) {
    const [before, own, after] = threes(y)
    seen = threes(seen)[1]
    const hidden = relu(mapRows(dilated, concat([before, own, after], 2)))
    y = evened(mul(add(own, mapRows(pointwise, hidden)), seen))
    seen = evened(seen)
  }
  return reshape(mapRows(output, slice(y, { axis: 1, start: 0, end: 1 })), [x.shape[0]!, output.biases.shape[0]!])
}

/** W x + b of each row, `[batch, rows, in]` → `[batch, rows, out]`. */
function mapRows({ weights, biases }: AffineTensors, x: Tensor): Tensor {
  const [batch, rows, inputs] = x.shape as [number, number, number]
  const y = gemm([reshape(x, [batch * rows, inputs]), weights, biases], { transposeB: true })
  return reshape(y, [batch, rows, biases.shape[0]!])
}

/** Rows 1, 3, 5, … with the rows before and after them: `[batch, 2n, …]` → three of `[batch, n − 1, …]`. */
function threes(y: Tensor): readonly [before: Tensor, own: Tensor, after: Tensor] {
  const [batch, rows, channels] = y.shape as [number, number, number]
  const pairs = reshape(y, [batch, rows / 2, 2, channels])
  const column = (index: number) =>
    reshape(slice(pairs, { axis: 2, start: index, end: index + 1 }), [batch, rows / 2, channels])
  const part = (half: Tensor, start: number) => slice(half, { axis: 1, start, end: start + rows / 2 - 1 })
  const [even, odd] = [column(0), column(1)]
  return [part(even, 0), part(odd, 0), part(even, 1)]
}

/** One more row, of zeros. */
const evened = (y: Tensor): Tensor => pad(y, { axis: 1, before: 0, after: 1 })
