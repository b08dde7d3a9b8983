import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeNpy, encodeNpy } from './npy.ts'

const shapes = fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 4 })
const count = (shape: readonly number[]) => shape.reduce((product, size) => product * size, 1)

/** Any shape with any bit patterns, not-a-numbers included. */
const halves = shapes.chain(shape =>
  fc.record({
    shape: fc.constant(shape),
    data: fc.uint16Array({ minLength: count(shape), maxLength: count(shape) }),
  }),
)

test('what is encoded is decoded to the same bits', () => {
  fc.assert(
    fc.property(halves, ({ shape, data }) => {
      expect(decodeNpy(encodeNpy({ shape, data }))).toEqual({ dtype: 'float16', shape, data })
      const floats = Float32Array.from(data)
      expect(decodeNpy(encodeNpy({ shape, data: floats }))).toEqual({ dtype: 'float32', shape, data: floats })
    }),
  )
})

test('a file that does not start at an aligned address is decoded too', () => {
  const file = encodeNpy({ shape: [3], data: Uint16Array.of(1, 2, 3) })
  const shifted = new Uint8Array(file.length + 1)
  shifted.set(file, 1)
  expect(decodeNpy(shifted.subarray(1)).data).toEqual(Uint16Array.of(1, 2, 3))
})

test('an encoded file is what NumPy writes: header padded with spaces, data at a multiple of 64', () => {
  const file = encodeNpy({ shape: [2], data: Float32Array.of(1, -2) })
  const text = Buffer.from(file).toString('latin1')
  expect(text.slice(0, 8)).toBe('\x93NUMPY\x01\x00')
  expect(text.slice(10, 127)).toBe("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }".padEnd(117))
  expect(text.charAt(127)).toBe('\n')
  expect([...file.subarray(128)]).toEqual([0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0])
})

test('data that does not fill its shape is not encoded', () => {
  const bad = 'tensor cannot be written: 3 elements do not fill shape [2, 2]'
  expect(() => encodeNpy({ shape: [2, 2], data: new Uint16Array(3) })).toThrow(bad)
  expect(() => encodeNpy({ shape: [-1, -3], data: new Uint16Array(3) })).toThrow('do not fill shape [-1, -3]')
})

describe('a hostile file is refused with the value that is wrong', () => {
  const header = (text: string, data = 0) => {
    const bytes = Buffer.concat([Buffer.from('\x93NUMPY\x01\x00__', 'latin1'), Buffer.from(text), Buffer.alloc(data)])
    bytes.writeUInt16LE(text.length, 8)
    return bytes
  }
  const described = (descr: string, shape: string, order = 'False') =>
    header(`{'descr': '${descr}', 'fortran_order': ${order}, 'shape': ${shape}, }\n`)
  const whole = encodeNpy({ shape: [2], data: Float32Array.of(1, 2) })

  const hostile: readonly (readonly [kind: string, bytes: Uint8Array, message: string])[] = [
    ['nothing', new Uint8Array(), '0 bytes are too few'],
    ['another magic', Buffer.from('PK\x03\x04 and more'), 'it starts with "PK\\u0003\\u0004 and", not with the magic'],
    ['another version', Buffer.from('\x93NUMPY\x02\x00rest', 'latin1'), 'not with the magic of version 1.0'],
    ['a cut header', whole.subarray(0, 100), 'its header of 118 bytes ends beyond its 100 bytes'],
    ['cut data', whole.subarray(0, whole.length - 1), 'shape [2] of float32 takes 8 bytes, not 7'],
    ['bytes after the data', Buffer.concat([whole, Buffer.alloc(1)]), 'takes 8 bytes, not 9'],
    ['Fortran order', described('<f4', '(2,)', 'True'), 'its order is Fortran'],
    ['pickled objects', described('|O', '(2,)'), 'its element type "|O" is not one of <f2, <f4'],
    ['big-endian floats', described('>f4', '(2,)'), 'its element type ">f4"'],
    ['an inherited name as element type', described('toString', '(2,)'), 'its element type "toString"'],
    ['records', header("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,), }\n"), 'is not understood'],
    ['an expression', header("__import__('os').system('true')\n"), 'is not understood'],
    ['a header of spaces', header(' '.repeat(65_000)), 'is not understood'],
    ['a huge shape', described('<f4', '(4294967296, 4294967296)'), 'shape ("4294967296, 4294967296") is too large'],
    ['a large shape', described('<f4', '(1000000000,)'), 'takes 4000000000 bytes, not 0'],
    ['a shape of endless digits', described('<f4', `(${'9'.repeat(400)},)`), 'is too large'],
    ['a huge size beside a 0', described('<f4', '(18446744073709551616, 0)'), 'is too large'],
    [
      'another header than NumPy writes',
      header("{'shape': (2,), 'descr': '<f4', 'fortran_order': False}\n", 8),
      'is not understood',
    ],
    [
      'two shapes',
      header("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'shape': (1,), }\n", 8),
      'is not understood',
    ],
    [
      'a header that ends in no newline',
      header("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }  ", 8),
      'is not understood',
    ],
    ['too many axes', described('<f4', `(${'0, '.repeat(65)})`.replace(', )', ')')), '65 axes are more than 64'],
    ['a negative size', described('<f4', '(-1,)'), 'is not understood'],
    ['a size without its comma', described('<f4', '(2)'), 'shape ("2") is not a tuple'],
    ['empty sizes', described('<f4', '(2,,2)'), 'is not a tuple'],
  ]
  test.each(hostile)('%s', (_, bytes, message) => {
    expect(() => decodeNpy(bytes)).toThrow(message)
    expect(() => decodeNpy(bytes)).toThrow(expect.objectContaining({ code: 'bad_npy', retryable: false }))
  })

  test('and no change of one byte does more than that', () => {
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), (offset, byte) => {
        const changed = whole.with(offset, byte)
        try {
          expect(decodeNpy(changed).data.byteLength).toBeLessThanOrEqual(changed.length)
        } catch (error) {
          expect(error).toMatchObject({ code: 'bad_npy' })
        }
      }),
      { numRuns: 1000 },
    )
  })
})
