import { type DataOf, type DType, elementCount, type Shape } from '@takt/graph'
import { onnxError } from './errors.ts'

const arrays = {
  float64: Float64Array,
  float32: Float32Array,
  float16: Uint16Array,
  uint8: Uint8Array,
  int32: Int32Array,
  int64: BigInt64Array,
  bool: Uint8Array,
} as const

export function bytesPerElement(dtype: DType): number {
  return arrays[dtype].BYTES_PER_ELEMENT
}

/** Little-endian bytes as the array of `dtype`: a view where they are aligned, else a copy. */
export function arrayOver<D extends DType>(dtype: D, bytes: Uint8Array): DataOf[D] {
  const Data = arrays[dtype]
  const aligned = bytes.byteOffset % Data.BYTES_PER_ELEMENT === 0 ? bytes : new Uint8Array(bytes)
  return new Data(
    aligned.buffer as ArrayBuffer,
    aligned.byteOffset,
    aligned.length / Data.BYTES_PER_ELEMENT,
  ) as unknown as DataOf[D]
}

/** The bytes that an array occupies, not copied. */
export function bytesOf(data: ArrayBufferView): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
}

/** Refuses to write a tensor whose data does not fill its shape. */
export function requireFilled({ shape, data }: { readonly shape: Shape; readonly data: DataOf[DType] }): void {
  const count = shape.every(size => Number.isSafeInteger(size) && size >= 0) ? elementCount(shape) : Number.NaN
  if (data.length !== count) {
    throw onnxError('bad_tensor', { reason: `${data.length} elements do not fill shape [${shape.join(', ')}]` })
  }
}
