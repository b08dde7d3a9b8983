import { makeTensor, refuse } from '../make-tensor.ts'
import type { Rule, Tensor } from '../tensor.ts'
import { broadcastShapes } from './broadcast.ts'
import { requireFloats } from './float.ts'
import { reduceTo } from './sum-and-expand.ts'
import { swapLastAxes } from './transpose.ts'

export const matmulRule: Rule<'matmul'> = {
  type: ([a, b]) => {
    requireFloats('matmul', [a, b])
    const [rows, innerA] = a.shape.slice(-2)
    const [innerB, columns] = b.shape.slice(-2)
    if (rows === undefined || innerA === undefined || innerB === undefined || columns === undefined) {
      refuse('matmul', [a, b], `takes at least 2 axes, not ${a.shape.length} and ${b.shape.length}`)
    }
    if (innerA !== innerB) refuse('matmul', [a, b], `inner sizes differ: ${innerA} and ${innerB}`)
    const batch = broadcastShapes(a.shape.slice(0, -2), b.shape.slice(0, -2))
    if (!batch) refuse('matmul', [a, b], 'leading axes do not broadcast')
    return { dtype: a.dtype, shape: [...batch, rows, columns] }
  },
  // ∂/∂a = d·bᵀ and ∂/∂b = aᵀ·d
  gradient: (d, { inputs: [a, b] }) => [
    reduceTo(matmul(d, swapLastAxes(b)), a.shape),
    reduceTo(matmul(swapLastAxes(a), d), b.shape),
  ],
}

/** y[…, i, j] = Σₖ a[…, i, k] · b[…, k, j], with leading axes that broadcast. */
export function matmul(a: Tensor, b: Tensor): Tensor {
  return makeTensor('matmul', matmulRule, [a, b], {})
}
