import type { TensorValue } from '@takt/graph'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeSafetensors, encodeSafetensors } from './safetensors.ts'

const shapes = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 })
const arrays = {
  float64: Float64Array,
  float32: Float32Array,
  float16: Uint16Array,
  uint8: Uint8Array,
  int32: Int32Array,
  int64: BigInt64Array,
  bool: Uint8Array,
} as const

const tensors: fc.Arbitrary<TensorValue> = fc
  .tuple(fc.constantFrom(...(Object.keys(arrays) as (keyof typeof arrays)[])), shapes)
  .chain(([dtype, shape]) => {
    const Data = arrays[dtype]
    const bytes = shape.reduce((product, size) => product * size, 1) * Data.BYTES_PER_ELEMENT
    return fc
      .uint8Array({ minLength: bytes, maxLength: bytes })
      .map(raw => ({ dtype, shape, data: new Data(raw.slice().buffer) }) as unknown as TensorValue)
  })

const names = fc.string().filter(name => name !== '__metadata__')
const files = fc.record({
  tensors: fc.dictionary(names, tensors, { noNullPrototype: true }),
  metadata: fc.dictionary(fc.string(), fc.string(), { noNullPrototype: true }),
})

test('what is encoded is decoded to the same bits', () => {
  fc.assert(
    fc.property(files, file => {
      const { tensors, metadata } = decodeSafetensors(encodeSafetensors(file))
      expect(metadata).toEqual(file.metadata)
      expect(Object.keys(tensors).toSorted()).toEqual(Object.keys(file.tensors).toSorted())
      for (const [name, { dtype, shape, data }] of Object.entries(file.tensors)) {
        const found = tensors[name]!
        expect({ dtype: found.dtype, shape: found.shape }).toEqual({ dtype, shape })
        expect(Buffer.from(found.data.buffer, found.data.byteOffset, found.data.byteLength)).toEqual(
          Buffer.from(data.buffer, data.byteOffset, data.byteLength),
        )
      }
    }),
  )
})

test('equal content gives equal bytes, whatever the order of names', () => {
  const a: TensorValue = { dtype: 'float32', shape: [1], data: Float32Array.of(1) }
  const b: TensorValue = { dtype: 'int64', shape: [1], data: BigInt64Array.of(2n) }
  const bytes = encodeSafetensors({ tensors: { a, b }, metadata: { seed: '1' } })
  expect(encodeSafetensors({ tensors: { b, a }, metadata: { seed: '1' } })).toEqual(bytes)
  expect(Buffer.from(bytes.subarray(8, -12)).toString().trimEnd()).toMatchInlineSnapshot(
    `"{"__metadata__":{"seed":"1"},"b":{"dtype":"I64","shape":[1],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}"`,
  )
})

test('a file that does not start at an aligned address is decoded too', () => {
  const value: TensorValue = { dtype: 'float32', shape: [2], data: Float32Array.of(1, 2) }
  const file = encodeSafetensors({ tensors: { value }, metadata: {} })
  const shifted = new Uint8Array(file.length + 1)
  shifted.set(file, 1)
  expect(decodeSafetensors(shifted.subarray(1)).tensors.value).toEqual(value)
})

test('a tensor that does not fill its shape, or is named as the metadata, is not encoded', () => {
  const value: TensorValue = { dtype: 'uint8', shape: [3], data: new Uint8Array(2) }
  expect(() => encodeSafetensors({ tensors: { value }, metadata: {} })).toThrow('2 elements do not fill shape [3]')
  expect(() => encodeSafetensors({ tensors: { __metadata__: value }, metadata: {} })).toThrow('__metadata__')
})

describe('a hostile file is refused with the value that is wrong', () => {
  const file = (header: unknown, data = 0) => withHeader(JSON.stringify(header), data)
  const withHeader = (json: string, data = 0) => {
    const length = Buffer.alloc(8)
    length.writeBigUInt64LE(BigInt(Buffer.byteLength(json)))
    return Buffer.concat([length, Buffer.from(json), Buffer.alloc(data)])
  }
  const entry = (shape: unknown, offsets: unknown, dtype: unknown = 'U8') => ({ dtype, shape, data_offsets: offsets })

  const hostile: readonly (readonly [kind: string, bytes: Uint8Array, message: string])[] = [
    ['nothing', new Uint8Array(), '0 bytes are too few'],
    ['a header bomb', Buffer.from('ffffffffffffffff7b7d', 'hex'), 'its header of 18446744073709551615 bytes is longer'],
    ['a header of nine megabytes', withHeader(' '.repeat(9_000_000)), 'its header of 9000000 bytes is longer'],
    ['a header beyond the end', withHeader('{}').subarray(0, 9), 'its header of 2 bytes ends beyond its 9 bytes'],
    ['no JSON', withHeader('{"a"'), 'its header is not JSON in UTF-8'],
    ['bytes that are no UTF-8', Buffer.from('0200000000000000ff7d', 'hex'), 'its header is not JSON in UTF-8'],
    ['brackets a million deep', withHeader('['.repeat(1_000_000)), 'its header is not JSON'],
    ['a list', file([]), 'its header is not a JSON object'],
    ['an entry that is no object', file({ a: 1 }), 'tensor "a" is not described by an object'],
    ['an unknown element type', file({ a: entry([1], [0, 1], 'BF16') }, 1), 'has element type "BF16", not one of F64'],
    ['an inherited element type', file({ a: entry([1], [0, 1], 'toString') }, 1), 'has element type "toString"'],
    ['a negative size', file({ a: entry([-1], [0, 1]) }, 1), 'tensor "a" has shape [-1]'],
    ['a fractional size', file({ a: entry([0.5], [0, 1]) }, 1), 'tensor "a" has shape [0.5]'],
    ['a huge shape', file({ a: entry([2 ** 40, 2 ** 40], [0, 1]) }, 1), 'takes 1.2089258196146292e+24 bytes'],
    ['one offset', file({ a: entry([1], [0]) }, 1), 'tensor "a" has offsets [0]'],
    ['offsets in reverse', file({ a: entry([1], [1, 0]) }, 1), 'its offsets [1, 0] hold -1'],
    ['offsets beyond the end', file({ a: entry([2], [0, 2]) }, 1), 'its tensors take 2 bytes, but 1 follow the header'],
    ['a gap', file({ a: entry([1], [1, 2]) }, 2), 'tensor "a" starts at 1, but the one before it ends at 0'],
    [
      'overlapping tensors',
      file({ a: entry([2], [0, 2]), b: entry([2], [1, 3]) }, 3),
      'tensor "b" starts at 1, but the one before it ends at 2',
    ],
    [
      'bytes after the tensors',
      file({ a: entry([1], [0, 1]) }, 2),
      'its tensors take 1 bytes, but 2 follow the header',
    ],
    ['metadata that is no object', file({ __metadata__: [] }), '__metadata__ is not an object'],
    ['metadata that is no text', file({ __metadata__: { a: 1 } }), 'metadata "a" is not text'],
  ]
  test.each(hostile)('%s', (_, bytes, message) => {
    expect(() => decodeSafetensors(bytes)).toThrow(message)
    expect(() => decodeSafetensors(bytes)).toThrow(
      expect.objectContaining({ code: 'bad_safetensors', retryable: false }),
    )
  })
})

test('a tensor named __proto__ is a tensor like any other', () => {
  const tensors = Object.fromEntries([['__proto__', { dtype: 'uint8', shape: [1], data: Uint8Array.of(7) } as const]])
  expect(Object.entries(decodeSafetensors(encodeSafetensors({ tensors, metadata: {} })).tensors)).toEqual(
    Object.entries(tensors),
  )
})
