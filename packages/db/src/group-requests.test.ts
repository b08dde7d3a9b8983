import { expect, test } from 'vitest'
import { groupRequests } from './group-requests.ts'

const minute = 60_000
const request = (fromMinutes: number, toMinutes: number) => ({
  startUtcMs: fromMinutes * minute,
  endUtcMs: toMinutes * minute,
})

test('a gap that heals segment by segment is one group, in whatever order its segments came', () => {
  const segments = Array.from({ length: 15 }, (_, i) => request(i / 15, (i + 1) / 15))
  expect(groupRequests(segments.toReversed())).toEqual([segments])
})

test('gaps that lie apart are revised apart', () => {
  expect(groupRequests([request(600, 601), request(0, 1), request(1.5, 2)])).toEqual([
    [request(0, 1), request(1.5, 2)],
    [request(600, 601)],
  ])
})

test('a night that heals is cut into groups of at most an hour, and no request is left out', () => {
  const night = Array.from({ length: 12 * 15 * 60 }, (_, i) => request(i / 15, (i + 1) / 15))
  const groups = groupRequests(night)
  expect(groups.flat()).toEqual(night)
  expect(groups).toHaveLength(12)
  for (const group of groups) expect(group.at(-1)!.endUtcMs - group[0]!.startUtcMs).toBeLessThanOrEqual(60 * minute)
})

test('a request inside another does not shorten the group', () => {
  expect(groupRequests([request(0, 10), request(1, 2), request(10.5, 11)])).toHaveLength(1)
})
