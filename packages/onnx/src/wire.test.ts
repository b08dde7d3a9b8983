import { expect, test } from 'vitest'
import { bytes, float, int, message, string, toBytes, type Wire } from './wire.ts'

const hex = (wire: Wire) => Buffer.from(toBytes(wire)).toString('hex')

test('fields are encoded as in the protobuf documentation', () => {
  expect(hex(int(1, 150))).toBe('089601')
  expect(hex(string(2, 'testing'))).toBe('120774657374696e67')
  expect(hex(message(3, int(1, 150)))).toBe('1a03089601')
  expect(hex(int(1, -2))).toBe('08feffffffffffffffff01')
})

test('field numbers beyond 15, floats, sizes beyond 32 bits and empty fields', () => {
  expect(hex(int(20, 2))).toBe('a00102')
  expect(hex(float(2, 1e-6))).toBe('15bd378635')
  expect(hex(int(1, 2 ** 40))).toBe('08808080808020')
  expect(hex(bytes(9, new Uint8Array()))).toBe('4a00')
})
