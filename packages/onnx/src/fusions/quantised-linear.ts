import { float32 } from '@takt/graph'
import type { Initializer } from '../model-proto.ts'
import type { Fuse } from './fusion.ts'
import { matchLinear, numbersOf } from './linear.ts'
import { quantiseWeight } from './quantise-weight.ts'
import { foldStandardisation, matchStandardisedLinear } from './standardised-linear.ts'

const CONTRIB = 'com.microsoft'

/** A linear layer in integers: rows are rounded to uint8 as they come, by the range of all of them. */
export const fuseQuantisedLinear: Fuse = tensor => {
  const linear = matchLinear(tensor)
  if (!linear) return undefined
  return {
    inputs: [linear.x],
    lower: scope => {
      const { output } = scope
      const [weight, scales, bias] = quantisedLayer(output, {
        shape: linear.weight.shape,
        weight: numbersOf(linear.weight, scope),
        bias: numbersOf(linear.bias, scope),
      })
      const inputs = [scope.inputs[0]!, weight.name, scales.name, '', bias.name]
      return {
        calls: [{ domain: CONTRIB, type: 'DynamicQuantizeMatMul', inputs, outputs: [output], attributes: {} }],
        initializers: [weight, scales, bias],
      }
    },
  }
}

/** A linear layer over standardised bytes: these are integers already, and are multiplied as they are. */
export const fuseQuantisedBytes: Fuse = tensor => {
  const linear = matchStandardisedLinear(tensor)
  if (linear?.x.operator !== 'cast' || linear.x.inputs[0].dtype !== 'uint8') return undefined
  return {
    inputs: linear.x.inputs,
    lower: scope => {
      const { output } = scope
      const folded = foldStandardisation(linear, scope)
      const [weight, scales, bias] = quantisedLayer(output, { shape: linear.weight.shape, ...folded })
      const one: Initializer = { name: `${output}.one`, value: float32([], [1]) }
      const inputs = [scope.inputs[0]!, weight.name, one.name, scales.name, '', '', bias.name]
      return {
        calls: [{ domain: CONTRIB, type: 'MatMulIntegerToFloat', inputs, outputs: [output], attributes: {} }],
        initializers: [weight, one, scales, bias],
      }
    },
  }
}

interface Layer {
  /** [out, in] */
  readonly shape: readonly number[]
  readonly weight: ArrayLike<number>
  readonly bias: ArrayLike<number>
}

function quantisedLayer(
  output: string,
  { shape, weight, bias }: Layer,
): readonly [Initializer, Initializer, Initializer] {
  const [outputs, inputs] = shape as [number, number]
  const { values, scales } = quantiseWeight(weight, [outputs, inputs])
  return [
    { name: `${output}.weight`, value: { dtype: 'int8', shape: [inputs, outputs], data: values } },
    { name: `${output}.scales`, value: float32([outputs], scales) },
    { name: `${output}.bias`, value: float32([outputs], bias) },
  ]
}
