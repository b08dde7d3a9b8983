import { expect, test } from 'vitest'
import { splitLatency, totalSeconds } from './split-latency.ts'

const segment = (startMs: number) => ({
  startMs,
  endMs: startMs + 4000,
  closedMs: startMs + 4100,
  keptMs: startMs + 4200,
  embeddedMs: startMs + 4700,
})
const segments = [0, 4000, 8000, 12_000].map(segment)
const interval = { endMs: 3000, recordedMs: 12_800, seenMs: 12_900 }

test('parts run from the end of the step through its own segment and the one that set off decoding', () => {
  const latency = splitLatency(interval, segments)!
  expect(latency).toEqual({
    segmentClose: 1.1,
    uploadAndCommit: 0.1,
    queueAndEmbed: 0.5,
    lookAheadAndLag: 8,
    decodeAndCommit: 0.1,
    visibleInRest: 0.1,
  })
  expect(totalSeconds(latency)).toBeCloseTo(9.9)
})

test('a step that ends where a segment ends belongs to that segment', () => {
  expect(splitLatency({ ...interval, endMs: 4000 }, segments)!.segmentClose).toBeCloseTo(0.1)
})

test('an end that no segment shows has no parts', () => {
  expect(splitLatency({ ...interval, endMs: 40_000 }, segments)).toBeUndefined()
})

test('an interval that was final before its own segment was embedded has no parts', () => {
  expect(splitLatency({ ...interval, endMs: 15_000 }, segments)).toBeUndefined()
})
