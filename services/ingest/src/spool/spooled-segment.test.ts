import { expect, test } from 'vitest'
import { describeSegment, segmentFacts, spooledSegmentSchema } from './spooled-segment.ts'

const session = {
  camera: '00000000-0000-7000-8000-000000000001',
  id: '00000000-0000-7000-8000-000000000002',
  startedAtMs: 1000,
}
const ntpOf = (unixMs: number): bigint => (BigInt(Math.floor(unixMs / 1000)) + 2_208_988_800n) << 32n
const captured = {
  sequence: 3,
  startSeconds: 12.000_011,
  endSeconds: 16.000_022,
  closedAtMs: 17_000,
  facts: {
    codec: 'h264',
    width: 640,
    height: 480,
    timescale: 90_000,
    durationTicks: 360_001,
    frames: 100,
    keyframeFirst: true,
    fragments: [
      { baseDecodeTicks: 0, firstPictureTicks: 100, prft: { ntp: ntpOf(1_700_000_000_000), ticks: 100n } },
      { baseDecodeTicks: 90_000, firstPictureTicks: 90_100 },
      {
        baseDecodeTicks: 180_000,
        firstPictureTicks: 180_100,
        prft: { ntp: ntpOf(1_700_000_002_000), ticks: 180_100n },
      },
    ],
  },
} as const

test('a description survives being written and read', () => {
  const segment = describeSegment(session, captured, 1234)
  expect(spooledSegmentSchema.parse(JSON.parse(JSON.stringify(segment)))).toEqual(segment)
})

test("the camera's clock readings are placed in the session's time, and back on the picture that they belong to", () => {
  const picture = 40
  const readings = describeSegment(session, captured, 1).senderReports
  expect(readings.map(reading => reading.mediaSeconds)).toEqual([12.000_011, 14.000_011])
  expect(readings[0]!.utcMs).toBeCloseTo(1_700_000_000_000 - picture, 1)
  expect(readings[1]!.utcMs).toBeCloseTo(1_700_000_002_000 - picture, 1)
})

test('neighbours touch to the tick, whatever their seconds were rounded to', () => {
  const first = segmentFacts(describeSegment(session, captured, 1))
  const next = segmentFacts(
    describeSegment(
      session,
      { ...captured, sequence: 4, startSeconds: captured.endSeconds, endSeconds: 20.000_033 },
      1,
    ),
  )
  expect(first.mediaStartTicks + first.durationTicks).toBe(next.mediaStartTicks)
})
