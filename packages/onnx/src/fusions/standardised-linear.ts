import { float32, type Tensor, type TensorOf, toNumbers } from '@takt/graph'
import type { Scope } from '../lowered.ts'
import type { Fuse } from './fusion.ts'
import { isHeld, type Linear, matchLinear, numbersOf } from './linear.ts'

/** A linear layer over columns that are scaled and shifted by constants first: (x·scale − shift)·Wᵀ + b. */
export interface StandardisedLinear extends Linear {
  /** [in] */
  readonly scale: TensorOf<'constant'>
  readonly shift: TensorOf<'constant'>
}

/** The same layer over x itself: W·diag(scale), row-major [out, in], and b − W·shift. */
export interface FoldedLinear {
  readonly weight: Float32Array
  readonly bias: Float32Array
}

/** Pixels are standardised by the weights that they are multiplied with. */
export const fuseStandardisedLinear: Fuse = tensor => {
  const found = matchStandardisedLinear(tensor)
  if (!found) return undefined
  return {
    inputs: [found.x],
    lower: scope => {
      const { weight, bias } = foldStandardisation(found, scope)
      const [weightName, biasName] = [`${scope.output}.weight`, `${scope.output}.bias`]
      const inputs = [scope.inputs[0]!, weightName, biasName]
      return {
        calls: [{ type: 'Gemm', inputs, outputs: [scope.output], attributes: { transA: 0, transB: 1 } }],
        initializers: [
          { name: weightName, value: float32(found.weight.shape, weight) },
          { name: biasName, value: float32(found.bias.shape, bias) },
        ],
      }
    },
  }
}

export function matchStandardisedLinear(tensor: Tensor): StandardisedLinear | undefined {
  const linear = matchLinear(tensor)
  if (linear?.x.operator !== 'sub') return undefined
  const [scaled, shift] = linear.x.inputs
  if (scaled.operator !== 'mul' || !isColumns(shift)) return undefined
  const [x, scale] = scaled.inputs
  return isColumns(scale) ? { ...linear, x, scale, shift } : undefined
}

export function foldStandardisation(
  { weight, bias, scale, shift }: StandardisedLinear,
  scope: Pick<Scope, 'parameterValue'>,
): FoldedLinear {
  const [scales, shifts] = [scale, shift].map(({ attributes }) => toNumbers(attributes.value)) as [number[], number[]]
  const columns = scales.length
  const [weights, biases] = [numbersOf(weight, scope), numbersOf(bias, scope)]
  const shiftOf = (row: number) =>
    shifts.reduce((sum, shift, column) => sum + shift * weights[row * columns + column]!, 0)
  return {
    weight: Float32Array.from(weights, (w, i) => w * scales[i % columns]!),
    bias: Float32Array.from(biases, (b, row) => b - shiftOf(row)),
  }
}

function isColumns(tensor: Tensor): tensor is TensorOf<'constant'> & Tensor {
  return isHeld(tensor) && tensor.operator === 'constant' && tensor.shape.length === 1
}
