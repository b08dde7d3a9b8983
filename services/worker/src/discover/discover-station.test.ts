import type { DiscoveredWork } from '@takt/steps'
import { expect, test } from 'vitest'
import { withoutGaps } from './discover-station.ts'

const cycle = (startSeconds: number, endSeconds: number) => ({
  startSeconds,
  endSeconds,
  whole: true,
  certainty: 1,
  steps: [],
})
const work: DiscoveredWork = {
  found: true,
  periodSeconds: 5,
  startBecause: 'pauses',
  stepCount: 1,
  cycles: [cycle(0, 5), cycle(5, 10), cycle(10, 15)],
  evidence: { foretold: 0.5, foretoldByShorter: 0.2, foretoldByChance: 0.2 },
}
const missing = (...slots: readonly number[]) => Array.from({ length: 60 }, (_, slot) => slots.includes(slot))
const whole = (gone: readonly boolean[]) => {
  const cut = withoutGaps(work, gone)
  return cut.found ? cut.cycles.map(each => each.whole) : []
}

test('a gap of the video makes the cycles it touches cut ones', () => {
  expect(whole(missing())).toEqual([true, true, true])
  expect(whole(missing(17, 18, 19, 20, 21, 22))).toEqual([false, false, true])
})

test('a picture or two that are missing do not', () => {
  expect(whole(missing(22, 23, 24, 30))).toEqual([true, true, true])
})
