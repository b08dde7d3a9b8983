import { arrayOver } from './array-data.ts'
import { toFloat32 } from './float16.ts'
import { descriptorIn, npyLayout, refuse, requireSize } from './npy.ts'

/** A matrix, row-major. */
export type Matrix = { readonly rows: number; readonly columns: number; readonly values: Float32Array }

const descriptors = { '<f2': 'float16', '<f4': 'float32', '<f8': 'float64' } as const

/**
 * The two-dimensional .npy file that somebody else wrote, as float32: of two, four or eight bytes a number, in either
 * order, which NumPy chooses by how an array came about. Throws `bad_npy`.
 */
export function decodeNpyMatrix(bytes: Uint8Array): Matrix {
  const { descriptor, order, shape, content } = npyLayout(bytes)
  const dtype = descriptorIn(descriptors, descriptor)
  requireSize(content, { shape, dtype })
  const [rows, columns] = shape
  if (rows === undefined || columns === undefined || shape.length > 2)
    refuse(`shape [${shape.join(', ')}] is no matrix`)
  const stored =
    dtype === 'float16' ? toFloat32(arrayOver(dtype, content)) : Float32Array.from(arrayOver(dtype, content))
  return { rows, columns, values: order === 'C' ? stored : byRows(stored, rows, columns) }
}

function byRows(byColumns: Float32Array, rows: number, columns: number): Float32Array {
  return byColumns.map((_, at) => byColumns[(at % columns) * rows + Math.floor(at / columns)]!)
}
