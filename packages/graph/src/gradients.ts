import { accumulate } from './accumulate.ts'
import { graphError } from './errors.ts'
import { inOrder } from './graph.ts'
import { scalarOf } from './ops/scalar.ts'
import { inputGradients, rules } from './rules.ts'
import type { Tensor } from './tensor.ts'
import { isFloat } from './tensor-value.ts'

/**
 * ∂loss/∂t for each tensor t of `of`, as tensors of the same graph: reverse-mode differentiation.
 * `loss` is a floating-point scalar. A tensor that no gradient reaches is an error, not zeros: it would never be learnt.
 */
export function gradients(loss: Tensor, of: readonly Tensor[]): readonly Tensor[] {
  if (loss.shape.length > 0 || !isFloat(loss.dtype)) throw graphError('bad_loss', { loss })
  const order = inOrder([loss])
  const onTheWay = thoseLeadingTo(new Set(of), order)
  const parts = new Map<Tensor, readonly Tensor[]>([[loss, [scalarOf(loss, 1)]]])
  const found = new Map<Tensor, Tensor>()

  for (const y of order.toReversed()) {
    const arrived = parts.get(y)
    if (!arrived || !onTheWay.has(y)) continue
    const d = accumulate(arrived)
    found.set(y, d)
    for (const [i, part] of inputGradients(d, y).entries()) {
      const x = y.inputs[i]!
      if (part) parts.set(x, [...(parts.get(x) ?? []), part])
    }
  }
  return of.map(tensor => found.get(tensor) ?? refuseUnreached(tensor, loss, order))
}

/** The tensors of `order` that have a differentiable path to one of `targets`, these included. */
function thoseLeadingTo(targets: ReadonlySet<Tensor>, order: readonly Tensor[]): ReadonlySet<Tensor> {
  const leading = new Set<Tensor>()
  for (const tensor of order) {
    const passes = rules[tensor.operator].gradient !== 'none' && tensor.inputs.some(input => leading.has(input))
    if (passes || targets.has(tensor)) leading.add(tensor)
  }
  return leading
}

function refuseUnreached(of: Tensor, loss: Tensor, order: readonly Tensor[]): never {
  const leading = thoseLeadingTo(new Set([of]), order)
  const ends = order.filter(tensor => !leading.has(tensor) && tensor.inputs.some(input => leading.has(input)))
  throw graphError('no_gradient', { of, loss, ends })
}
