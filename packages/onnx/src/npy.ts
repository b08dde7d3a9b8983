import { type DataOf, type DType, elementCount, type Shape } from '@takt/graph'
import { arrayOver, bytesOf, bytesPerElement, requireFilled } from './array-data.ts'
import { onnxError } from './errors.ts'

/** An array of an .npy file, row-major; float16 as its bit patterns. */
export type NpyArray = Float16Npy | Float32Npy
type Float16Npy = { readonly dtype: 'float16'; readonly shape: Shape; readonly data: Uint16Array }
type Float32Npy = { readonly dtype: 'float32'; readonly shape: Shape; readonly data: Float32Array }

/** Version 1.0 of numpy.lib.format: magic, version, length of the header, header, data. */
const MAGIC = '\x93NUMPY\x01\x00'
const PREFIX_LENGTH = 10
const ALIGNMENT = 64
/** NumPy's own limit on axes. */
const MAX_AXES = 64
const descriptors = { '<f2': 'float16', '<f4': 'float32' } as const
const HEADER = /^\{'descr': '([^']*)', 'fortran_order': (True|False), 'shape': \(([\d, ]*)\), \} *\n$/

/** An .npy file, version 1.0, of a float32 array or of a float16 array's bit patterns. */
export function encodeNpy({
  shape,
  data,
}: {
  readonly shape: Shape
  readonly data: Uint16Array | Float32Array
}): Uint8Array<ArrayBuffer> {
  requireFilled({ shape, data })
  const descriptor = data instanceof Float32Array ? '<f4' : '<f2'
  const dictionary = `{'descr': '${descriptor}', 'fortran_order': False, 'shape': ${printTuple(shape)}, }`
  const dataOffset = Math.ceil((PREFIX_LENGTH + dictionary.length + 1) / ALIGNMENT) * ALIGNMENT
  const header = `${dictionary.padEnd(dataOffset - PREFIX_LENGTH - 1)}\n`

  const file = new Uint8Array(dataOffset + data.byteLength)
  file.set(Buffer.from(MAGIC, 'latin1'))
  new DataView(file.buffer).setUint16(MAGIC.length, header.length, true)
  file.set(Buffer.from(header, 'latin1'), PREFIX_LENGTH)
  file.set(bytesOf(data), dataOffset)
  return file
}

/** The array of an .npy file as `encodeNpy` and NumPy write it; it may share the memory of `bytes`. */
export function decodeNpy(bytes: Uint8Array): NpyArray {
  const { descriptor, order, shape, content } = npyLayout(bytes)
  if (order === 'Fortran') refuse('its order is Fortran, not C')
  const dtype = descriptorIn(descriptors, descriptor)
  requireSize(content, { shape, dtype })
  const data: DataOf[typeof dtype] = arrayOver(dtype, content)
  return { dtype, shape, data } as NpyArray
}

/** What an .npy file of version 1.0 says of itself, and the bytes after its header. */
export function npyLayout(bytes: Uint8Array) {
  if (bytes.length < PREFIX_LENGTH) refuse(`${bytes.length} bytes are too few`)
  const magic = latin1(bytes.subarray(0, MAGIC.length))
  if (magic !== MAGIC) refuse(`it starts with ${JSON.stringify(magic)}, not with the magic of version 1.0`)
  const headerLength = new DataView(bytes.buffer, bytes.byteOffset).getUint16(MAGIC.length, true)
  const dataOffset = PREFIX_LENGTH + headerLength
  if (dataOffset > bytes.length) refuse(`its header of ${headerLength} bytes ends beyond its ${bytes.length} bytes`)
  const header = latin1(bytes.subarray(PREFIX_LENGTH, dataOffset))
  const [, descriptor, isFortran, tuple] = HEADER.exec(header) ?? refuse(`header ${quote(header)} is not understood`)
  const order = isFortran === 'True' ? ('Fortran' as const) : ('C' as const)
  return { descriptor: descriptor!, order, shape: parseTuple(tuple!), content: bytes.subarray(dataOffset) }
}

/** The element type that a table has for a descriptor. */
export function descriptorIn<D extends DType>(table: Readonly<Record<string, D>>, descriptor: string): D {
  if (Object.hasOwn(table, descriptor)) return table[descriptor]!
  refuse(`its element type ${quote(descriptor)} is not one of ${Object.keys(table).join(', ')}`)
}

export function requireSize(content: Uint8Array, { shape, dtype }: { readonly shape: Shape; readonly dtype: DType }) {
  const expected = elementCount(shape) * bytesPerElement(dtype)
  if (expected === content.length) return
  refuse(`shape [${shape.join(', ')}] of ${dtype} takes ${expected} bytes, not ${content.length}`)
}

/** `2, 3` or `2,` or nothing; a lone size needs its comma, as in Python. */
function parseTuple(tuple: string): Shape {
  if (!/^(|\d+,|\d+(, ?\d+)+,?)$/.test(tuple)) refuse(`shape (${quote(tuple)}) is not a tuple`)
  const shape = tuple
    .split(',')
    .filter(size => size !== '')
    .map(Number)
  if (shape.length > MAX_AXES) refuse(`${shape.length} axes are more than ${MAX_AXES}`)
  if (![...shape, elementCount(shape)].every(Number.isSafeInteger)) refuse(`shape (${quote(tuple)}) is too large`)
  return shape
}

function printTuple(shape: Shape): string {
  return shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`
}

function quote(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text)
}

/** One character a byte; TextDecoder's `latin1` is Windows-1252 and maps some bytes elsewhere. */
function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
}

/** Throws `bad_npy`. */
export function refuse(reason: string): never {
  throw onnxError('bad_npy', { reason })
}
