import { expect, test } from 'vitest'
import { hashKey, mintKey, prefixOf, sameHash } from './api-key.ts'

test('a minted key names its prefix and hashes to what is kept', () => {
  const { key, prefix, hash } = mintKey()
  expect(prefixOf(key)).toBe(prefix)
  expect(sameHash(hashKey(key), hash)).toBe(true)
})

test('no two minted keys are the same', () => {
  expect(new Set(Array.from({ length: 100 }, () => mintKey().key)).size).toBe(100)
})

test('a key that differs in one character has another hash', () => {
  const { key, hash } = mintKey()
  const other = key.slice(0, -1) + (key.endsWith('A') ? 'B' : 'A')
  expect(sameHash(hashKey(other), hash)).toBe(false)
})

test('hashes of different lengths differ rather than throw', () => {
  expect(sameHash(hashKey('a'), new Uint8Array(3))).toBe(false)
})

test.each(['', 'takt_', 'takt_0123abcd_short', `takt_0123ABCD_${'a'.repeat(43)}`, `takt_0123abcd_${'a'.repeat(43)}\n`])(
  '%j has not the form of a key',
  text => {
    expect(prefixOf(text)).toBeNull()
  },
)
