import { expect, test } from 'vitest'
import { encodeNpy } from './npy.ts'
import { decodeNpyMatrix } from './npy-matrix.ts'

/** A file of 2 × 3 numbers 0 … 5 as they lie in it. */
function file(descriptor: string, order: 'True' | 'False', content: ArrayBufferView): Uint8Array {
  const header = `{'descr': '${descriptor}', 'fortran_order': ${order}, 'shape': (2, 3), }`.padEnd(117)
  const prefix = Buffer.from(`\x93NUMPY\x01\x00\x76\x00${header}\n`, 'latin1')
  return Buffer.concat([prefix, new Uint8Array(content.buffer, content.byteOffset, content.byteLength)])
}

const values = Float32Array.of(0, 1, 2, 3, 4, 5)
const byColumns = [0, 3, 1, 4, 2, 5]

test.each([
  ['float16', file('<f2', 'False', Uint16Array.of(0, 0x3c00, 0x4000, 0x4200, 0x4400, 0x4500))],
  ['float32', file('<f4', 'False', values)],
  ['float64', file('<f8', 'False', Float64Array.from(values))],
  ['columns after one another', file('<f4', 'True', Float32Array.from(byColumns))],
  ['columns of float64', file('<f8', 'True', Float64Array.from(byColumns))],
])('a matrix of %s is read by rows', (_, bytes) => {
  expect(decodeNpyMatrix(bytes)).toEqual({ rows: 2, columns: 3, values })
})

test.each([
  ['one axis', encodeNpy({ shape: [6], data: values }), 'shape [6] is no matrix'],
  ['three axes', encodeNpy({ shape: [1, 2, 3], data: values }), 'shape [1, 2, 3] is no matrix'],
  ['whole numbers', file('<i8', 'False', new BigInt64Array(6)), 'its element type "<i8" is not one of <f2, <f4, <f8'],
  ['cut data', file('<f8', 'False', values), 'takes 48 bytes, not 24'],
  ['no file at all', new Uint8Array(3), '3 bytes are too few'],
])('%s is refused', (_, bytes, message) => {
  expect(() => decodeNpyMatrix(bytes)).toThrow(message)
})
