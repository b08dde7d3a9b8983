import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hash, permuted } from './keyed-draws.ts'

test('every index has a place of its own in every permutation', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 300 }), fc.nat(2 ** 32 - 1), (count, key) => {
      const places = Array.from({ length: count }, (_, index) => permuted(index, count, key))
      expect(places.toSorted((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, index) => index))
    }),
  )
})

test('keys name permutations of their own', () => {
  const named = Array.from({ length: 50 }, (_, key) =>
    Array.from({ length: 20 }, (_, index) => permuted(index, 20, key)).join(),
  )
  expect(new Set(named).size).toBe(50)
})

test('each index comes to each place equally often, as far as chance allows', () => {
  const [count, keys] = [10, 5_000]
  const seen = Array.from({ length: count }, () => new Array<number>(count).fill(0))
  for (let key = 0; key < keys; key++)
    for (let index = 0; index < count; index++) seen[index]![permuted(index, count, key)]!++
  const expected = keys / count
  for (const times of seen.flat()) expect(Math.abs(times - expected)).toBeLessThan(5 * Math.sqrt(expected))
})

test('a hash depends on every integer and on their order', () => {
  const hashes = [hash(1, 2, 3), hash(1, 3, 2), hash(2, 1, 3), hash(1, 2), hash(1, 2, 4), hash(1, 2, 3, 0)]
  expect(new Set(hashes).size).toBe(hashes.length)
})

test('hashes spread evenly: of 65536, each sixteenth of the range has its share', () => {
  const shares = new Array<number>(16).fill(0)
  for (let i = 0; i < 65_536; i++) shares[hash(7, i) >>> 28]!++
  for (const share of shares) expect(Math.abs(share - 4096)).toBeLessThan(5 * 64)
})

test('the numbers are the same on every machine', () => {
  expect([hash(0), hash(1, 2), permuted(3, 10, 4), permuted(0, 1, 9)]).toMatchInlineSnapshot(`
    [
      2462723854,
      2522733193,
      3,
      0,
    ]
  `)
})
