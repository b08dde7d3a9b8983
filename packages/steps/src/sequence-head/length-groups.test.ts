import fc from 'fast-check'
import { expect, it } from 'vitest'
import { groupLengths, groupOf } from './length-groups.ts'

const filled = (times: readonly number[], groups: readonly number[]) =>
  times.reduce((sum, length) => sum + groupOf(groups, length) - length, 0)

it('fills nothing where there are few lengths, and has one model where there is one', () => {
  expect(groupLengths([7, 7, 7])).toEqual([7])
  expect(groupLengths([9, 2, 5, 2])).toEqual([2, 5, 9])
})

it('joins what lies close', () => {
  expect(groupLengths([10, 11, 12, 50, 51, 100], 3)).toEqual([12, 51, 100])
})

it('fills as little as any other choice of as many lengths does', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 2, max: 30 }), { minLength: 1, maxLength: 8 }), times => {
      const groups = groupLengths(times, 3)
      const lengths = [...new Set(times)]
      const longest = Math.max(...times)
      const others = lengths.flatMap(a => lengths.map(b => [a, b, longest].sort((x, y) => x - y)))
      expect(groups.length).toBeLessThanOrEqual(3)
      expect(filled(times, groups)).toBe(Math.min(...others.map(other => filled(times, other))))
    }),
  )
})
