import { elementCount, type Shape, type TensorValue } from '@takt/graph'
import { type NamedTensors, toFloat32 } from '@takt/onnx'
import { refuse } from './config-values.ts'

/** A checkpoint's tensors, each taken once; what is left over is asked for in the end. */
export interface CheckpointTensors {
  /** Its numbers as float32; throws `bad_checkpoint` where it is missing, of another shape or type, or not finite. */
  readonly take: (name: string, shape: Shape) => Float32Array
  /** Names of those that nothing took. */
  readonly left: () => readonly string[]
}

/** `prefix` is before every name, or before none. */
export function checkpointTensors(tensors: NamedTensors, prefix: string): CheckpointTensors {
  const prefixed = Object.keys(tensors).some(name => name.startsWith(prefix))
  const ownName = (name: string) => (prefixed && name.startsWith(prefix) ? name.slice(prefix.length) : name)
  const named = (name: string) => `tensor ${JSON.stringify(name)}`
  const left = new Map<string, TensorValue>()
  for (const [name, value] of Object.entries(tensors)) {
    if (left.has(ownName(name))) refuse(`model.safetensors has ${named(ownName(name))} with and without "${prefix}"`)
    left.set(ownName(name), value)
  }
  return {
    left: () => [...left.keys()],
    take: (name, shape) => {
      const value = left.get(name)
      if (!value) refuse(`model.safetensors has no ${named(name)} of [${shape.join(', ')}]`)
      left.delete(name)
      const sameShape = value.shape.length === shape.length && value.shape.every((size, i) => size === shape[i])
      if (!sameShape) refuse(`${named(name)} is of [${value.shape.join(', ')}], not [${shape.join(', ')}]`)
      if (value.dtype !== 'float32' && value.dtype !== 'float16')
        refuse(`${named(name)} is of ${value.dtype}, not float32, float16 or bfloat16`)
      const numbers = value.dtype === 'float16' ? toFloat32(value.data) : value.data
      for (let i = 0; i < elementCount(shape); i++)
        if (!Number.isFinite(numbers[i])) refuse(`${named(name)} holds ${numbers[i]} at ${i}`)
      return numbers
    },
  }
}
