import { longestCycleMs, longestIntervalMs } from '@takt/db'
import { type CycleDraft, closeInterval, type DecodedInterval, slotStartMs } from '@takt/domain'
import { expect, test } from 'vitest'
import { capCycle, capInterval } from './cap-length.ts'

const hourOfSlots = longestIntervalMs / 250

const interval = (slots: number, censored: DecodedInterval['censored'] = 'none') =>
  closeInterval({
    ordinal: 0,
    step: 'pick',
    start: { slot: 1000, missing: true },
    end: { slot: 1000 + slots, missing: true },
    startOffsetMs: 0,
    endOffsetMs: 0,
    startSdMs: 0,
    endSdMs: 0,
    absoluteErrorMs: 0,
    confidence: 1,
    censored,
  })

test('an interval of the longest length stays as it is', () => {
  const longest = interval(hourOfSlots)
  expect(capInterval(longest)).toBe(longest)
})

test.each([
  ['none', 'end'],
  ['start', 'both'],
  ['end', 'end'],
  ['both', 'both'],
] as const)('a longer one that is censored %s is cut, censored %s, and has no duration', (before, after) => {
  expect(capInterval(interval(hourOfSlots + 1, before))).toMatchObject({
    endSlot: 1000 + hourOfSlots,
    endUtcMs: slotStartMs(1000 + hourOfSlots),
    durationMs: null,
    durationSource: null,
    censored: after,
  })
})

const cycle: CycleDraft = {
  ordinal: 0,
  startUtcMs: 0,
  endUtcMs: longestCycleMs + 1,
  durationMs: longestCycleMs + 1,
  durationSdMs: 5,
  censored: false,
  intervalOrdinals: [],
  workMs: 1000,
  idleMs: longestCycleMs - 999,
  idleAfterMs: longestCycleMs - 2000,
  unseenMs: 0,
  missingSteps: [],
  repeatedSteps: [],
  interruptedSteps: [],
  extraSteps: [],
  outOfOrder: [],
}

test('a cycle that a weekend stretched is cut and censored; an open one or a shorter one stays', () => {
  expect(capCycle(cycle)).toMatchObject({
    endUtcMs: longestCycleMs,
    durationMs: null,
    durationSdMs: null,
    censored: true,
  })
  for (const draft of [
    { ...cycle, endUtcMs: longestCycleMs },
    { ...cycle, endUtcMs: null },
  ])
    expect(capCycle(draft)).toBe(draft)
})
