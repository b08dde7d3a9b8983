import { gradients, type Tensor } from '@takt/graph'
import type { Named } from '../named.ts'

/** ∂loss/∂p of every parameter, under its name; a parameter that the loss does not reach throws. */
export function namedGradients(loss: Tensor, parameters: Named<Tensor>): Named<Tensor> {
  const slopes = gradients(loss, Object.values(parameters))
  return Object.fromEntries(Object.keys(parameters).map((name, i) => [name, slopes[i]!]))
}
