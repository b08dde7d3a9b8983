import { printType, sameType, type TensorType } from '@takt/graph'
import type { Named } from '@takt/nn'
import type { NamedTensors } from '@takt/onnx'
import { sslError } from './errors.ts'

/** Throws `wrong_encoder` unless `encoder` has exactly the weights of `types`. */
export function requireEncoder(encoder: NamedTensors, types: Named<TensorType>): void {
  for (const [name, type] of Object.entries(types)) {
    const found = Object.hasOwn(encoder, name) ? encoder[name] : undefined
    if (!found) throw sslError('wrong_encoder', { reason: `it lacks ${name} ${printType(type)}` })
    if (!sameType(found, type)) {
      throw sslError('wrong_encoder', { reason: `${name} is ${printType(found)}, not ${printType(type)}` })
    }
  }
  const strange = Object.keys(encoder).find(name => !Object.hasOwn(types, name))
  if (strange !== undefined) throw sslError('wrong_encoder', { reason: `${strange} is none of its weights` })
}
