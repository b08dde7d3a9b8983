import { expect, it } from 'vitest'
import { span } from '../../test/interchange/spans.ts'
import { MOTION_TIER, TASK_TIER } from './labelled-video.ts'
import { spansOfTier } from './spans-of-tier.ts'

const video = (...tiers: string[]) => ({ source: 'a.mp4', spans: tiers.map(tier => span(0, 1, 'pick', tier)) })
const tiersOf = (...input: Parameters<typeof spansOfTier>) => spansOfTier(...input).map(({ tier }) => tier)

it('are those of the tier that is named', () => {
  expect(tiersOf(video(TASK_TIER, MOTION_TIER), MOTION_TIER)).toEqual([MOTION_TIER])
})

it('are those of the only tier, whatever it is called', () => {
  expect(tiersOf(video('tricks'))).toEqual(['tricks'])
})

it('are the tasks where there are several, and none where there is no label', () => {
  expect(tiersOf(video(TASK_TIER, MOTION_TIER))).toEqual([TASK_TIER])
  expect(tiersOf(video())).toEqual([])
  expect(tiersOf(video(), 'tricks')).toEqual([])
})

it('are not taken for none where no tier is the one', () => {
  expect(() => spansOfTier(video('left', 'right'))).toThrow(/source=a.mp4, tier=task, tiers=left, right/)
  expect(() => spansOfTier(video('left'), 'right')).toThrow(/tier=right, tiers=left/)
})
