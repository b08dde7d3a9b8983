import { decodeSafetensors, encodeSafetensors, type Safetensors } from '@takt/onnx'
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

/** The head of a safetensors file; `key` names it in errors. Throws `head-malformed`. */
export function decodeHead(key: string, file: Uint8Array): StepHead {
  try {
    const { tensors, metadata } = decodeSafetensors(file)
    return headFromTensors({ tensors: Object.fromEntries(Object.entries(tensors).map(floatTensor)), metadata })
  } catch (cause) {
    throw timelineError('head-malformed', { key, reason: (cause as Error).message }, { cause })
  }
}

function floatTensor([name, { shape, data }]: [string, Safetensors['tensors'][string]]) {
  if (!(data instanceof Float32Array)) throw new TypeError(`tensor ${name} is not float32`)
  return [name, { shape, data }] as const
}
