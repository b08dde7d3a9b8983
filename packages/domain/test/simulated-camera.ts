import {
  type ClockDiagnosis,
  durationSeconds,
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

/** The largest error of any place, ms. */
export const worstErrorMs = (placed: readonly Placed[]): number => Math.max(...placed.map(p => Math.abs(errorMs(p))))

/** How much a place is longer than its media, ms. */
export const stretchMs = (p: Placed): number =>
  p.placement.endUtcMs - p.placement.startUtcMs - durationSeconds(p.facts) * 1000

/** Delays between 60 and 160 ms, now and then a second more. */
export const lan =
  (seed: number) =>
  (segment: number): number => {
    const at = noise(seed)
    return 60 + 100 * at(segment) + (at(segment + 1e6) < 0.05 ? 1000 : 0)
  }

/** A segment of 4 s at media time 0, in ticks of a second. */
export function segment(facts: Partial<SegmentFacts>): SegmentFacts {
  return {
    session: 's',
    sequence: 0,
    mediaStartTicks: 0n,
    durationTicks: 4n,
    timescale: 1,
    closedAtMs: 0,
    senderReports: [],
    ...facts,
  }
}
