/** The array that carries each element type; float16 is carried as its bit patterns. */
interface DataOf {
  readonly float64: Float64Array
  readonly float32: Float32Array
  readonly float16: Uint16Array
  readonly uint8: Uint8Array
  readonly int32: Int32Array
  readonly int64: BigInt64Array
  /** One byte an element, 0 or 1. */
  readonly bool: Uint8Array
}

export type DType = keyof DataOf

/** A tensor that goes into or comes out of a run: `data` in row-major order. */
export type Tensor = {
  readonly [D in DType]: { readonly dtype: D; readonly shape: readonly number[]; readonly data: DataOf[D] }
}[DType]

export type Tensors = Readonly<Record<string, Tensor>>

/** Name and type of a model's input or output. */
export interface TensorSlot {
  readonly name: string
  readonly dtype: DType
  readonly shape: readonly number[]
}

const arrays = {
  float64: Float64Array,
  float32: Float32Array,
  float16: Uint16Array,
  uint8: Uint8Array,
  int32: Int32Array,
  int64: BigInt64Array,
  bool: Uint8Array,
} as const

export function isDType(name: string): name is DType {
  return Object.hasOwn(arrays, name)
}

export function elementCount(shape: readonly number[]): number {
  return shape.reduce((count, size) => count * size, 1)
}

/** The tensor of a slot over bytes at the start of their own buffer; not copied. */
export function tensorOver({ dtype, shape }: TensorSlot, bytes: Uint8Array): Tensor {
  const Data = arrays[dtype]
  const data = new Data(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength / Data.BYTES_PER_ELEMENT)
  return { dtype, shape, data } as Tensor
}

export function bytesOf(data: ArrayBufferView): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
}
