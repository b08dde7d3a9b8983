import { float32, tensorValue, toNumbers } from '@takt/graph'
import type { Initializer } from '../model-proto.ts'
import type { Fuse } from './fusion.ts'
import { matchLinear, numbersOf } from './linear.ts'
import { quantiseWeight } from './quantise-weight.ts'
import {
  type FoldedLinear,
  foldStandardisation,
  matchStandardisedLinear,
  type StandardisedLinear,
} from './standardised-linear.ts'

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

/**
 * A linear layer over standardised bytes: these are integers already, and are multiplied as they are, counted from the
 * mean byte, so that what rounding does to the weights is not multiplied by it.
 */
export const fuseQuantisedBytes: Fuse = tensor => {
  const linear = matchStandardisedLinear(tensor)
  if (linear?.x.operator !== 'cast' || linear.x.inputs[0].dtype !== 'uint8') return undefined
  return {
    inputs: linear.x.inputs,
    lower: scope => {
      const { output } = scope
      const mean = meanByte(linear)
      const layer = countedFrom(mean, foldStandardisation(linear, scope))
      const [weight, scales, bias] = quantisedLayer(output, { shape: linear.weight.shape, ...layer })
      const one: Initializer = { name: `${output}.one`, value: float32([], [1]) }
      const zero: Initializer = { name: `${output}.zero`, value: tensorValue({ dtype: 'uint8', shape: [] }, [mean]) }
      const inputs = [scope.inputs[0]!, weight.name, one.name, scales.name, zero.name, '', bias.name]
      return {
        calls: [{ domain: CONTRIB, type: 'MatMulIntegerToFloat', inputs, outputs: [output], attributes: {} }],
        initializers: [weight, one, scales, zero, bias],
      }
    },
  }
}

/** The byte that is standardised to 0, over all columns. */
function meanByte({ scale, shift }: StandardisedLinear): number {
  const [scales, shifts] = [toNumbers(scale.attributes.value), toNumbers(shift.attributes.value)]
  const sum = shifts.reduce((sum, shift, i) => sum + shift / scales[i]!, 0)
  return Math.min(255, Math.max(0, Math.round(sum / shifts.length)))
}

/** W·x + b as W·(x − zero) + (b + zero·ΣW). */
function countedFrom(zero: number, { weight, bias }: FoldedLinear): FoldedLinear {
  const columns = weight.length / bias.length
  const sumOf = (row: number) => weight.subarray(row * columns, (row + 1) * columns).reduce((a, b) => a + b, 0)
  return { weight, bias: bias.map((b, row) => b + zero * sumOf(row)) }
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
