import { expect, test } from 'vitest'
import { belongingTo } from './belonging-to.ts'
import { closeInterval } from './interval.ts'

const interval = (startSlot: number, endSlot: number) =>
  closeInterval({
    ordinal: -1,
    step: 'pick',
    start: { slot: startSlot, missing: true },
    end: { slot: endSlot, missing: true },
    startOffsetMs: 0,
    endOffsetMs: 0,
    startSdMs: 0,
    endSdMs: 0,
    absoluteErrorMs: 0,
    confidence: 1,
    censored: 'none',
  })

test('an interval belongs to the run that has its larger half', () => {
  const all = [interval(80, 99), interval(80, 120), interval(79, 122), interval(100, 110)]
  expect(belongingTo(100, all).map(({ startSlot }) => startSlot)).toEqual([79, 100])
})

test('a start that jitters around the first slot of a run is put on it, with its times and its duration', () => {
  expect(belongingTo(100, [interval(97, 120)])).toEqual([interval(100, 120)])
})

test('what starts behind the first slot stays as it is', () => {
  const later = interval(102, 120)
  expect(belongingTo(100, [later])).toEqual([later])
})

test('a censored interval stays without a duration when its start is moved', () => {
  const [moved] = belongingTo(100, [
    { ...interval(98, 120), durationMs: null, durationSource: null, censored: 'start' },
  ])
  expect(moved).toMatchObject({ startSlot: 100, durationMs: null })
})
