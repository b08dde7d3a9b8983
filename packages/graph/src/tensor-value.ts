/** Dimensions, outermost first; `[]` is a scalar. */
export type Shape = readonly number[]

/** The array that carries each element type; float16 is carried as its bit patterns. */
export interface DataOf {
  readonly float32: Float32Array
  readonly float16: Uint16Array
  readonly uint8: Uint8Array
  readonly int64: BigInt64Array
}

export type DType = keyof DataOf

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

/** `float32[2, 3]` */
export function printType({ dtype, shape }: TensorType): string {
  return `${dtype}[${shape.join(', ')}]`
}

/** A float32 value from plain numbers, row-major. */
export function float32(shape: Shape, numbers: ArrayLike<number>): TensorValue {
  return { dtype: 'float32', shape, data: Float32Array.from(numbers) }
}
