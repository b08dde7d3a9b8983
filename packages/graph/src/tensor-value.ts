/** Dimensions, outermost first; `[]` is a scalar. */
export type Shape = readonly number[]

/** The array that carries each element type; float16 is carried as its bit patterns. */
export interface DataOf {
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

/** Element types that have gradients. */
export type FloatType = 'float64' | 'float32' | 'float16'

export interface TensorType {
  readonly dtype: DType
  readonly shape: Shape
}

/** A concrete tensor: `data` in row-major order, one element per index of `shape`. */
export type TensorValue = {
  readonly [D in DType]: { readonly dtype: D; readonly shape: Shape; readonly data: DataOf[D] }
}[DType]

/** Number of elements of a shape; 1 for a scalar. */
export function elementCount(shape: Shape): number {
  return shape.reduce((count, size) => count * size, 1)
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis])
}

export function sameType(a: TensorType, b: TensorType): boolean {
  return a.dtype === b.dtype && sameShape(a.shape, b.shape)
}

/** `float32[2, 3]` */
export function printType({ dtype, shape }: TensorType): string {
  return `${dtype}[${shape.join(', ')}]`
}

/** A float32 value from plain numbers, row-major. */
export function float32(shape: Shape, numbers: ArrayLike<number>): TensorValue {
  return tensorValue({ dtype: 'float32', shape }, numbers)
}

/** A value of any type from plain numbers, row-major; each is rounded to the type. */
export function tensorValue({ dtype, shape }: TensorType, numbers: ArrayLike<number>): TensorValue {
  return { dtype, shape, data: fromNumbers[dtype](numbers) } as TensorValue
}

const fromNumbers: { readonly [D in DType]: (numbers: ArrayLike<number>) => DataOf[D] } = {
  float64: numbers => Float64Array.from(numbers),
  float32: numbers => Float32Array.from(numbers),
  float16: numbers => new Uint16Array(Float16Array.from(numbers).buffer),
  uint8: numbers => Uint8Array.from(numbers),
  int32: numbers => Int32Array.from(numbers),
  int64: numbers => BigInt64Array.from(numbers, BigInt),
  bool: numbers => Uint8Array.from(numbers, Number),
}

/** The elements as plain numbers, row-major; an int64 beyond 2⁵³ is rounded. */
export function toNumbers({ dtype, data }: TensorValue): readonly number[] {
  if (dtype === 'float16') return [...new Float16Array(data.buffer, data.byteOffset, data.length)]
  return Array.from<number | bigint, number>(data, Number)
}

export function isFloat(dtype: DType): dtype is FloatType {
  return dtype === 'float64' || dtype === 'float32' || dtype === 'float16'
}
