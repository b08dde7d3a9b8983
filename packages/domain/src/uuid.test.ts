import { expect, test } from 'vitest'
import { uuidRandomBytes, uuidV7 } from './uuid.ts'

const none = new Uint8Array(uuidRandomBytes)
const all = new Uint8Array(uuidRandomBytes).fill(0xff)

test('the example of RFC 9562 comes out as printed there', () => {
  const random = Uint8Array.from([0x0c, 0xc3, 0x18, 0xc4, 0xdc, 0x0c, 0x0c, 0x07, 0x39, 0x8f])
  expect(uuidV7(0x017f22e279b0, random)).toBe('017f22e2-79b0-7cc3-98c4-dc0c0c07398f')
})

test('ids sort by their millisecond, whatever the randomness', () => {
  expect(uuidV7(1_700_000_000_000, all) < uuidV7(1_700_000_000_001, none)).toBe(true)
})

test('version and variant stand whatever the random bytes are', () => {
  for (const random of [none, all]) expect(uuidV7(0, random)).toMatch(/^00000000-0000-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-/)
})

test('a fraction of a millisecond is left out', () => {
  expect(uuidV7(12.9, none)).toBe(uuidV7(12, none))
})
