import { type ClockReading, plausibleAheadMs, readClocks, type SessionClock } from './clock.ts'
import { DomainError } from './errors.ts'
import type { UtcMs } from './grid.ts'
import {
  type ClockSource,
  durationSeconds,
  mediaEndSeconds,
  mediaStartSeconds,
  type Placement,
  type SegmentFacts,
} from './segment.ts'

/** How a placement came about, for metrics and for the camera's page. */
export interface ClockDiagnosis {
  /** UTC minus media time at the segment's end by closing times, ms. */
  readonly hostOffsetMs: number
  /** The same by sender reports; `null` until they are locked. */
  readonly senderReportOffsetMs: number | null
  /** UTC seconds per media second by closing times; 1 until there are enough of them. */
  readonly slope: number
  /** What is left to correct, ms: the end by the chosen clock minus the placed end. */
  readonly residualMs: number
  readonly clockUntrusted: boolean
  /** The camera's clock says that it saw what it sent before it could have. */
  readonly cameraClockAhead: boolean
}

/** Share of a segment's duration by which its place may be corrected, as NTP slews a clock. */
const largestSlew = 0.05

/** Arrival times of media that lies are taken as they are, within these shares of the claimed duration. */
const shortestUntrusted = 0.25
const longestUntrusted = 4

/** Media that starts within this of the previous end, s, is contiguous: containers round their times. */
const seamSeconds = 0.1

/** Realistic absolute errors, ms: NTP-disciplined camera, camera whose clock steps, arrival only, arrival of lying media. */
const disciplinedErrorMs = 40
const steppingErrorMs = 250
const arrivalErrorMs = 250
const untrustedErrorMs = 500

/**
 * Places a closed segment in UTC. Within contiguous media the places form a chain that never steps: the end follows
 * the sender reports where they are locked and plausible, else the closing times, slewed by at most 5 % of the duration.
 * Elsewhere the end is the clock's, and the start a duration earlier, never before `previousEndUtcMs`.
 * Throws `segment-empty`, `segment-implausible`, `segment-of-another-session` or `segment-out-of-order`; the clock then
 * stays as it was.
 */
export function placeSegment(
  clock: SessionClock,
  facts: SegmentFacts,
  previousEndUtcMs: UtcMs | null,
): { clock: SessionClock; placement: Placement; diagnosis: ClockDiagnosis } {
  checkFacts(clock, facts)
  const durationMs = durationSeconds(facts) * 1000
  const reading = readClocks(clock, facts)
  const { source, targetMs, errorMs } = chooseClock(reading, facts)

  const { last } = clock
  const floorMs = Math.ceil(Math.max(previousEndUtcMs ?? -Infinity, last?.endUtcMs ?? -Infinity))
  const contiguous = last !== null && Math.abs(mediaStartSeconds(facts) - last.endMediaSeconds) <= seamSeconds
  const startUtcMs = contiguous ? floorMs : Math.max(floorMs, Math.round(targetMs - durationMs))
  const endUtcMs = slewedEndMs({ startUtcMs, durationMs, targetMs, source })

  const residualMs = targetMs - endUtcMs
  const endMediaSeconds = mediaEndSeconds(facts)
  return {
    clock: { ...reading.clock, last: { sequence: facts.sequence, endMediaSeconds, endUtcMs } },
    placement: { startUtcMs, endUtcMs, source, absoluteErrorMs: Math.round(errorMs + Math.abs(residualMs)) },
    diagnosis: { ...diagnose(reading, endMediaSeconds), residualMs },
  }
}

function chooseClock(
  { clock, hostMs, reportMs }: ClockReading,
  facts: SegmentFacts,
): { source: ClockSource; targetMs: UtcMs; errorMs: number } {
  if (clock.untrusted) return { source: 'untrusted', targetMs: facts.closedAtMs, errorMs: untrustedErrorMs }
  if (reportMs === null || !clock.usesReports) return { source: 'host', targetMs: hostMs, errorMs: arrivalErrorMs }
  const errorMs = clock.reportsStepped ? steppingErrorMs : disciplinedErrorMs
  return { source: 'sender-report', targetMs: reportMs, errorMs }
}

function slewedEndMs(segment: { startUtcMs: UtcMs; durationMs: number; targetMs: UtcMs; source: ClockSource }): UtcMs {
  const { startUtcMs, durationMs, targetMs, source } = segment
  const [shortest, longest] =
    source === 'untrusted' ? [shortestUntrusted, longestUntrusted] : [1 - largestSlew, 1 + largestSlew]
  const earliest = startUtcMs + durationMs * shortest
  const latest = startUtcMs + durationMs * longest
  return Math.max(startUtcMs + 1, Math.round(Math.min(Math.max(targetMs, earliest), latest)))
}

const diagnose = (reading: ClockReading, endMediaSeconds: number): Omit<ClockDiagnosis, 'residualMs'> => ({
  hostOffsetMs: reading.hostMs - endMediaSeconds * 1000,
  senderReportOffsetMs: reading.reportMs === null ? null : reading.reportMs - endMediaSeconds * 1000,
  slope: reading.slope,
  clockUntrusted: reading.clock.untrusted,
  cameraClockAhead: reading.reportMs !== null && reading.reportMs > reading.hostMs + plausibleAheadMs,
})

/**
 * A segment may hold so much more video, ms, than time has passed since the one before. Beyond, its media time jumped
 * (a 32-bit RTP clock wraps by 13 hours), and to place it would push the chain into the future for good.
 */
const largestBacklogMs = 60_000

function checkFacts(clock: SessionClock, facts: SegmentFacts): void {
  const { session, sequence } = facts
  if (session !== clock.session)
    throw new DomainError('segment-of-another-session', { session, expected: clock.session })
  if (!(facts.timescale > 0) || facts.durationTicks <= 0n) throw new DomainError('segment-empty', { session, sequence })
  const last = clock.last?.sequence
  if (last !== undefined && sequence <= last) throw new DomainError('segment-out-of-order', { session, sequence, last })
  const durationMs = durationSeconds(facts) * 1000
  const elapsedMs = Math.max(0, facts.closedAtMs - (clock.arrivals.at(-1)?.utcMs ?? facts.closedAtMs))
  if (durationMs > elapsedMs + largestBacklogMs)
    throw new DomainError('segment-implausible', { session, sequence, durationMs, elapsedMs })
}
