import { decodeSafetensors, encodeSafetensors } from '@takt/onnx'
import { headFromTensors, headToTensors, type StepHead } from '@takt/steps'
import { timelineError } from './errors.ts'

/** A head as the bytes of a safetensors file. */
export function encodeHead(head: StepHead): Uint8Array<ArrayBuffer> {
  const { tensors, metadata } = headToTensors(head)
  const typed = Object.entries(tensors).map(
    ([name, { shape, data }]) => [name, { dtype: 'float32', shape, data }] as const,
  )
  return encodeSafetensors({ tensors: Object.fromEntries(typed), metadata })
}

/** The head of a safetensors file; `key` names it in errors. Throws `head-malformed` and what reading it throws. */
export function decodeHead(key: string, file: Uint8Array): StepHead {
  const { tensors, metadata } = decodeSafetensors(file)
  const floats = Object.entries(tensors).map(([name, { shape, data }]) => {
    if (!(data instanceof Float32Array)) throw timelineError('head-malformed', { key, tensor: name })
    return [name, { shape, data }] as const
  })
  return headFromTensors({ tensors: Object.fromEntries(floats), metadata })
}
