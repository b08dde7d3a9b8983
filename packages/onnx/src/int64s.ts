import { type TensorValue, tensorValue } from '@takt/graph'

/** A list of whole numbers, as ONNX takes shapes, axes and places. */
export function int64s(integers: readonly number[]): TensorValue {
  return tensorValue({ dtype: 'int64', shape: [integers.length] }, integers)
}
