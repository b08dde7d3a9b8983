import { makeTensor, refuse } from '../make-tensor.ts'
import type { Rule, Tensor } from '../tensor.ts'
import { sameShape } from '../tensor-value.ts'
import { broadcastShapes } from './broadcast.ts'
import { requireFloats } from './float.ts'
import { reduceTo } from './sum-and-expand.ts'

export const gemmRule: Rule<'gemm'> = {
  type: ([a, b, c], { transposeA, transposeB }) => {
    const operands = c ? [a, b, c] : [a, b]
    requireFloats('gemm', operands)
    if (a.shape.length !== 2 || b.shape.length !== 2) {
      refuse('gemm', operands, `takes matrices, not ${a.shape.length} and ${b.shape.length} axes`)
    }
    const [rows, innerA] = orient(a.shape, transposeA)
    const [innerB, columns] = orient(b.shape, transposeB)
    if (innerA !== innerB) refuse('gemm', operands, `inner sizes differ: ${innerA} and ${innerB}`)
    const shape = [rows, columns]
    const stretched = c ? broadcastShapes(c.shape, shape) : shape
    if (c && (!stretched || !sameShape(stretched, shape))) {
      refuse('gemm', operands, `[${c.shape.join(', ')}] does not broadcast to the product's [${shape.join(', ')}]`)
    }
    return { dtype: a.dtype, shape }
  },
  // With A and B the matrices as multiplied, ∂/∂A = d·Bᵀ and ∂/∂B = Aᵀ·d; of a transposed operand, transposed.
  gradient: (d, { inputs: [a, b, c], attributes: { transposeA, transposeB } }) => [
    transposeA ? gemm([b, d], { transposeA: transposeB, transposeB: true }) : gemm([d, b], { transposeB: !transposeB }),
    transposeB ? gemm([d, a], { transposeA: true, transposeB: transposeA }) : gemm([a, d], { transposeA: !transposeA }),
    ...(c ? [reduceTo(d, c.shape)] : []),
  ],
}

function orient(shape: readonly number[], transposed: boolean): readonly [number, number] {
  const [rows = 0, columns = 0] = shape
  return transposed ? [columns, rows] : [rows, columns]
}

interface GemmOptions {
  readonly transposeA?: boolean
  readonly transposeB?: boolean
}

/** y = A·B + c of matrices, where A is a or aᵀ, B is b or bᵀ, and c, if any, broadcasts to the product. */
export function gemm(operands: readonly [a: Tensor, b: Tensor, c?: Tensor], options: GemmOptions = {}): Tensor {
  const { transposeA = false, transposeB = false } = options
  const [a, b, c] = operands
  return makeTensor('gemm', gemmRule, c ? [a, b, c] : [a, b], { transposeA, transposeB })
}
