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

/** Memory of a slot's tensor, in bytes. */
export function byteCount({ dtype, shape }: TensorSlot): number {
  return elementCount(shape) * arrays[dtype].BYTES_PER_ELEMENT
}

export function printSlot({ name, dtype, shape }: TensorSlot): string {
  return `${name} ${dtype}[${shape.join(', ')}]`
}

/** Tensors by name as slots and payloads of a frame, in one order. */
export function packTensors(tensors: Tensors): {
  readonly slots: readonly TensorSlot[]
  readonly payloads: readonly Uint8Array[]
} {
  const entries = Object.entries(tensors)
  return {
    slots: entries.map(([name, { dtype, shape }]) => ({ name, dtype, shape })),
    payloads: entries.map(([, { data }]) => bytesOf(data)),
  }
}

/** The reverse of `packTensors`; not copied. */
export function unpackTensors(slots: readonly TensorSlot[], payloads: readonly Uint8Array[]): Tensors {
  return Object.fromEntries(slots.map((slot, i) => [slot.name, tensorOver(slot, payloads[i]!)]))
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
