import {
  type ClockDiagnosis,
  openClock,
  type Placement,
  placeSegment,
  type SegmentFacts,
  type UtcMs,
} from '../src/index.ts'

/** A camera and a host whose clocks misbehave as told. True time starts at the session's first picture. */
export interface SimulatedSession {
  readonly segments: number
  readonly segmentSeconds?: number
  /** UTC seconds per media second: 1 + drift. */
  readonly rate?: number
  /** Delay from a segment's last picture to its closing on the host, ms. */
  readonly delayMs: (segment: number) => number
  /** How far the host's clock is off at a segment, ms. */
  readonly hostErrorMs?: (segment: number) => number
  /** How far the camera's clock is off at a segment, ms; `null` for no report. */
  readonly cameraErrorMs?: (segment: number) => number | null
  readonly previousEndUtcMs?: UtcMs | null
}

export interface Placed {
  readonly facts: SegmentFacts
  readonly placement: Placement
  readonly diagnosis: ClockDiagnosis
  /** True UTC of the segment's end. */
  readonly trueEndMs: UtcMs
}

export const sessionStartMs = Date.UTC(2026, 0, 1)
const timescale = 90_000

/** Places every segment of a simulated session; the clock travels through JSON between any two. */
export function placeSession(session: SimulatedSession): readonly Placed[] {
  const { segmentSeconds = 4, rate = 1 } = session
  let clock = openClock('session')
  let previousEndMs = session.previousEndUtcMs ?? null
  return Array.from({ length: session.segments }, (_, sequence) => {
    const trueMs = (mediaSeconds: number): UtcMs => sessionStartMs + mediaSeconds * 1000 * rate
    const startSeconds = sequence * segmentSeconds
    const trueEndMs = trueMs(startSeconds + segmentSeconds)
    const cameraErrorMs = session.cameraErrorMs?.(sequence) ?? null
    const facts: SegmentFacts = {
      session: 'session',
      sequence,
      mediaStartTicks: BigInt(Math.round(startSeconds * timescale)),
      durationTicks: BigInt(Math.round(segmentSeconds * timescale)),
      timescale,
      closedAtMs: trueEndMs + session.delayMs(sequence) + (session.hostErrorMs?.(sequence) ?? 0),
      senderReports:
        cameraErrorMs === null
          ? []
          : [0, segmentSeconds / 2].map(s => ({
              mediaSeconds: startSeconds + s,
              utcMs: trueMs(startSeconds + s) + cameraErrorMs,
            })),
    }
    const placed = placeSegment(clock, facts, previousEndMs)
    clock = JSON.parse(JSON.stringify(placed.clock))
    previousEndMs = placed.placement.endUtcMs
    return { facts, placement: placed.placement, diagnosis: placed.diagnosis, trueEndMs }
  })
}

/** Placed end minus true end, ms. */
export const errorMs = (placed: Placed): number => placed.placement.endUtcMs - placed.trueEndMs

/** Repeatable numbers in [0, 1) by index (mulberry32). */
export function noise(seed: number): (index: number) => number {
  return index => {
    let t = (seed * 0x9e3779b1 + index * 0x6d2b79f5) | 0
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}
