import type { Tensor, TensorType, TensorValue } from '@takt/graph'
import {
  declareMsTcn,
  initialLeaf,
  type Leaf,
  leafOf,
  type MsTcn,
  type MsTcnSpec,
  msTcn,
  type Named,
  namedLeaves,
} from '@takt/nn'
import { type FeatureRows, rowCount } from './feature-rows.ts'

/** A learnt tensor. */
export type Weight = TensorValue & { readonly dtype: 'float32' }

/** Weights of one network by their path: MS-TCN's first stage, alone. */
export type NetworkWeights = Named<Weight>

/** Sizes of a network that scores `classes` from `inputs` channels. */
export type NetworkSizes = {
  readonly inputs: number
  readonly classes: number
  readonly maps: number
  readonly layers: number
}

const spec = (sizes: NetworkSizes): MsTcnSpec => ({ ...sizes, refinements: 0 })

const declared =
  (sizes: NetworkSizes) =>
  <T>(leaf: Leaf<T>): MsTcn<T> =>
    declareMsTcn(leaf, spec(sizes))

export const networkTypes = (sizes: NetworkSizes): Named<TensorType> =>
  namedLeaves<TensorType>(declared(sizes), ({ shape }) => ({ dtype: 'float32', shape }))

export const initialWeights = (sizes: NetworkSizes, seed: number): NetworkWeights =>
  namedLeaves<TensorValue>(declared(sizes), initialLeaf(seed)) as NetworkWeights

/** x [batch, inputs, times] and mask [batch, 1, times] → logits [batch, classes, times], as a graph. */
export const networkLogits = (
  sizes: NetworkSizes,
  weights: Named<Tensor>,
  { x, mask }: { readonly x: Tensor; readonly mask: Tensor },
): Tensor => msTcn(declared(sizes)(leafOf(weights)), x, { mask }).at(-1)!

/**
 * The same network without a runtime: rows `[time, inputs]` → logits `[time, classes]`. A recording of minutes takes
 * milliseconds, less than a message to a child process.
 */
export function scoreRows(weights: NetworkWeights, features: FeatureRows, sizes: NetworkSizes): FeatureRows {
  const { input, layers, output } = declared(sizes)(leafOf(weights)).first
  let y = convolve(input, features, 1)
  for (const [index, { dilated, pointwise }] of layers.entries()) {
    const wide = convolve(dilated, y, 2 ** index)
    const added = convolve(pointwise, { ...wide, values: wide.values.map(value => Math.max(0, value)) }, 1)
    y = { ...y, values: y.values.map((value, at) => value + added.values[at]!) }
  }
  return convolve(output, y, 1)
}

/** Convolution in time, zeros beyond the ends: nn's temporalConv on rows, weight [out, in, taps]. */
function convolve(
  { weight, bias }: { readonly weight: Weight; readonly bias: Weight },
  x: FeatureRows,
  dilation: number,
): FeatureRows {
  const [outputs, inputs, taps] = weight.shape as [number, number, number]
  const length = rowCount(x)
  const y = new Float32Array(length * outputs)
  for (let t = 0; t < length; t++) {
    y.set(bias.data, t * outputs)
    for (let tap = 0; tap < taps; tap++) {
      const from = t + (tap - (taps - 1) / 2) * dilation
      if (from < 0 || from >= length) continue
      for (let out = 0; out < outputs; out++) {
        let sum = 0
        const row = out * inputs * taps + tap
        for (let channel = 0; channel < inputs; channel++) {
          sum += weight.data[row + channel * taps]! * x.values[from * inputs + channel]!
        }
        y[t * outputs + out]! += sum
      }
    }
  }
  return { values: y, dim: outputs }
}
