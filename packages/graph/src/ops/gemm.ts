import { makeTensor, refuse } from '../make-tensor.ts'
import type { Rule, Tensor } from '../tensor.ts'
import { sameShape } from '../tensor-value.ts'
import { broadcastShapes } from './broadcast.ts'
import { requireFloats } from './float.ts'

export const gemmRule: Rule<'gemm'> = {
  type: ([a, b, c], { transposeA, transposeB }) => {
    const operands = [a, b, c]
    requireFloats('gemm', operands)
    if (a.shape.length !== 2 || b.shape.length !== 2) {
      refuse('gemm', operands, `takes matrices, not ${a.shape.length} and ${b.shape.length} axes`)
    }
    const [rows, innerA] = orient(a.shape, transposeA)
    const [innerB, columns] = orient(b.shape, transposeB)
    if (innerA !== innerB) refuse('gemm', operands, `inner sizes differ: ${innerA} and ${innerB}`)
    const shape = [rows, columns]
    const stretched = broadcastShapes(c.shape, shape)
    if (!stretched || !sameShape(stretched, shape)) {
      refuse('gemm', operands, `[${c.shape.join(', ')}] does not broadcast to the product's [${shape.join(', ')}]`)
    }
    return { dtype: a.dtype, shape }
  },
}

function orient(shape: readonly number[], transposed: boolean): readonly [number, number] {
  const [rows = 0, columns = 0] = shape
  return transposed ? [columns, rows] : [rows, columns]
}

interface GemmOptions {
  readonly transposeA?: boolean
  readonly transposeB?: boolean
}

/** y = A·B + c of matrices, where A is a or aᵀ, B is b or bᵀ, and c broadcasts to the product. */
export function gemm(operands: readonly [a: Tensor, b: Tensor, c: Tensor], options: GemmOptions = {}): Tensor {
  const { transposeA = false, transposeB = false } = options
  return makeTensor('gemm', gemmRule, operands, { transposeA, transposeB })
}
