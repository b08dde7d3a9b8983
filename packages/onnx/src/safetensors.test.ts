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
      .uint8Array({ minLength: bytes, maxLength: bytes, ...(dtype === 'bool' ? { max: 1 } : {}) })
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

test('bfloat16 is read as the float32 whose upper half it is', () => {
  const header = '{"x":{"dtype":"BF16","shape":[4],"data_offsets":[0,8]}}'
  const file = Buffer.alloc(8 + header.length + 8)
  file.writeBigUInt64LE(BigInt(header.length))
  file.write(header, 8)
  for (const [i, bits] of [0x3f80, 0xc040, 0x0080, 0xff80].entries())
    file.writeUInt16LE(bits, 8 + header.length + 2 * i)
  const { dtype, shape, data } = decodeSafetensors(file).tensors.x!
  expect({ dtype, shape }).toEqual({ dtype: 'float32', shape: [4] })
  expect([...data]).toEqual([1, -3, 2 ** -126, -Infinity])
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
    [
      'an unknown element type',
      file({ a: entry([1], [0, 1], 'F8_E4M3') }, 1),
      'has element type "F8_E4M3", not one of F64',
    ],
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
    ['no number', withHeader('{"a":{"dtype":"U8","shape":[NaN],"data_offsets":[0,1]}}', 1), 'its header is not JSON'],
    [
      'an infinite size',
      withHeader('{"a":{"dtype":"U8","shape":[1e999],"data_offsets":[0,1]}}', 1),
      'has shape [null]',
    ],
    ['a size that is text', file({ a: entry(['1'], [0, 1]) }, 1), 'tensor "a" has shape ["1"]'],
    [
      'a size beyond whole numbers',
      file({ a: entry([2 ** 53], [0, 1]) }, 1),
      'tensor "a" has shape [9007199254740992]',
    ],
    [
      'sizes that overflow and are multiplied by 0',
      file({ a: entry([...Array(400).fill(1e15), 0], [0, 0]) }),
      'NaN bytes',
    ],
    ['a negative offset', file({ a: entry([1], [-1, 0]) }, 1), 'tensor "a" has offsets [-1,0]'],
    ['an offset beyond whole numbers', file({ a: entry([1], [2 ** 60, 2 ** 60 + 1]) }, 1), 'tensor "a" has offsets'],
    [
      'an element type of another width',
      file({ a: entry([2], [0, 2], 'F32') }, 2),
      'takes 8 bytes, but its offsets [0, 2]',
    ],
    ['no shape', file({ a: { dtype: 'U8', data_offsets: [0, 1] } }, 1), 'tensor "a" has shape undefined'],
    ['an entry that is null', file({ a: null }), 'tensor "a" is not described by an object'],
    [
      'two tensors on the same bytes',
      file({ a: entry([1], [0, 1]), b: entry([1], [0, 1]) }, 1),
      'tensor "b" starts at 0, but the one before it ends at 1',
    ],
    [
      'two tensors of one name',
      withHeader(
        '{"a":{"dtype":"U8","shape":[9],"data_offsets":[0,9]},"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}',
        1,
      ),
      'its header has "a" twice',
    ],
    [
      'two shapes of one tensor',
      withHeader('{"a":{"dtype":"U8","shape":[9],"sh\\u0061pe":[1],"data_offsets":[0,1]}}', 1),
      'its header has "shape" twice',
    ],
    [
      'a shape by way of the prototype',
      withHeader('{"a":{"__proto__":{"shape":[1]},"dtype":"U8","data_offsets":[0,1]}}', 1),
      'tensor "a" has shape undefined',
    ],
    [
      'a bool that is neither 0 nor 1',
      Buffer.concat([file({ a: entry([2], [0, 2], 'BOOL') }), Buffer.of(1, 2)]),
      'tensor "a" holds 2 as a bool',
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

test('no change of one byte of a file does more than change a value, or be refused', () => {
  const value: TensorValue = { dtype: 'float32', shape: [2], data: Float32Array.of(1, 2) }
  const whole = encodeSafetensors({
    tensors: { value, flag: { ...value, dtype: 'bool', shape: [1], data: Uint8Array.of(1) } },
    metadata: { seed: '1' },
  })
  fc.assert(
    fc.property(fc.nat(whole.length - 1), fc.nat(255), (offset, byte) => {
      const changed = whole.with(offset, byte)
      try {
        const sizes = Object.values(decodeSafetensors(changed).tensors).map(({ data }) => data.byteLength)
        expect(sizes.toSorted()).toEqual([1, 8])
      } catch (error) {
        expect(error).toMatchObject({ code: 'bad_safetensors' })
      }
    }),
    { numRuns: 2000 },
  )
})

test('nothing in a file reaches a prototype', () => {
  const json = '{"__metadata__":{"__proto__":"x"},"constructor":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}'
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(json.length))
  const { tensors, metadata } = decodeSafetensors(Buffer.concat([length, Buffer.from(json), Buffer.of(7)]))
  expect(Object.keys(tensors)).toEqual(['constructor'])
  expect(Object.entries(metadata)).toEqual([['__proto__', 'x']])
  expect(Object.getPrototypeOf(metadata)).toBe(Object.prototype)
})

test('a tensor named __proto__ is a tensor like any other', () => {
  const tensors = Object.fromEntries([['__proto__', { dtype: 'uint8', shape: [1], data: Uint8Array.of(7) } as const]])
  expect(Object.entries(decodeSafetensors(encodeSafetensors({ tensors, metadata: {} })).tensors)).toEqual(
    Object.entries(tensors),
  )
})
