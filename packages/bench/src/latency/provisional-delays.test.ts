import { expect, test } from 'vitest'
import { provisionalDelays } from './provisional-delays.ts'

const told = [1000, 5200, 9300].map(recordedMs => ({ recordedMs, seenMs: recordedMs + 50, intervals: 1 }))

test('an embedding is told of by the first provisionals that were recorded after it', () => {
  expect(provisionalDelays([{ embeddedMs: 5100 }, { embeddedMs: 5200 }, { embeddedMs: 9000 }], told)).toEqual([
    { recorded: 0.1, seen: 0.15 },
    { recorded: 0, seen: 0.05 },
    { recorded: 0.3, seen: 0.35 },
  ])
})

test('one from before anybody looked, or that nothing was told of, has no delay', () => {
  expect(provisionalDelays([{ embeddedMs: 500 }, { embeddedMs: 9400 }], told)).toEqual([])
  expect(provisionalDelays([{ embeddedMs: 500 }], [])).toEqual([])
})
