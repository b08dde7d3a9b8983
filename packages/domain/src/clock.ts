import { type ClockPair, slideWindow } from './clock-window.ts'
import { DomainError } from './errors.ts'
import type { UtcMs } from './grid.ts'
import { hostTimeMs } from './host-map.ts'
import type { SessionId } from './identifiers.ts'
import { mediaRate } from './media-rate.ts'
import { lockedReportOffsetMs } from './report-map.ts'
import { type ClockSource, durationSeconds, mediaStartSeconds, type Placement, type SegmentFacts } from './segment.ts'

/** What a session's clock remembers. Plain JSON, bounded. */
export interface SessionClock {
  readonly session: SessionId
  /** Closing times, newest last. */
  readonly arrivals: readonly ClockPair[]
  /** How many of the newest closing times the host map may use: a step of either clock starts it afresh. */
  readonly hostLength: number
  /** Distinct sender-report pairs, newest last. */
  readonly reports: readonly ClockPair[]
  readonly untrusted: boolean
  readonly usesReports: boolean
  readonly last: { readonly sequence: number; readonly endMediaSeconds: number; readonly endUtcMs: UtcMs } | null
}

/** How a placement came about, for metrics and for the camera's page. */
export interface ClockDiagnosis {
  /** UTC minus media time at the segment's end by closing times, ms. */
  readonly hostOffsetMs: number
  /** The same by sender reports; `null` until they are locked. */
  readonly senderReportOffsetMs: number | null
  /** UTC seconds per media second by closing times; 1 until there are enough of them. */
  readonly slope: number
  /** What is left to correct, ms: the map's end minus the placed end. */
  readonly residualMs: number
  readonly clockUntrusted: boolean
  /** The camera claims to have seen what it has not yet sent. */
  readonly cameraClockAhead: boolean
}

export const openClock = (session: SessionId): SessionClock => ({
  session,
  arrivals: [],
  hostLength: 0,
  reports: [],
  untrusted: false,
  usesReports: false,
  last: null,
})

/** Share of a segment's duration by which its place may be corrected, as NTP slews a clock. */
const largestSlew = 0.05

/**
 * Places a closed segment in UTC. Within contiguous media the places form a chain that never steps: the end follows
 * the sender reports where they are locked and plausible, else the closing times, slewed by at most 5 % of the duration.
 * Throws `segment-empty`, `segment-of-another-session` or `segment-out-of-order`.
 */
export function placeSegment(
  clock: SessionClock,
  facts: SegmentFacts,
  previousEndUtcMs: UtcMs | null,
): { clock: SessionClock; placement: Placement; diagnosis: ClockDiagnosis } {
  checkFacts(clock, facts)
  const startMedia = mediaStartSeconds(facts)
  const durationMs = durationSeconds(facts) * 1000
  const endMedia = startMedia + durationSeconds(facts)
  const observed = observe(clock, facts, endMedia)
  const { hostMs, reportMs } = observed

  const { source, targetMs } = choose(observed, facts)
  const contiguous = clock.last !== null && Math.abs(startMedia - clock.last.endMediaSeconds) <= seamSeconds
  const floorMs = Math.max(
    previousEndUtcMs ?? Number.NEGATIVE_INFINITY,
    clock.last?.endUtcMs ?? Number.NEGATIVE_INFINITY,
  )
  const startUtcMs = Math.ceil(contiguous ? floorMs : Math.max(floorMs, targetMs - durationMs))
  const shortest = source === 'untrusted' ? durationMs / 4 : durationMs * (1 - largestSlew)
  const longest = source === 'untrusted' ? durationMs * 4 : durationMs * (1 + largestSlew)
  const slewedMs = Math.min(Math.max(targetMs, startUtcMs + shortest), startUtcMs + longest)
  const endUtcMs = Math.max(startUtcMs + 1, Math.round(slewedMs))

  const residualMs = targetMs - endUtcMs
  return {
    clock: { ...observed.clock, last: { sequence: facts.sequence, endMediaSeconds: endMedia, endUtcMs } },
    placement: {
      startUtcMs,
      endUtcMs,
      source,
      absoluteErrorMs: Math.round(sourceErrorMs[source] + Math.abs(residualMs)),
    },
    diagnosis: {
      hostOffsetMs: hostMs - endMedia * 1000,
      senderReportOffsetMs: reportMs === null ? null : reportMs - endMedia * 1000,
      slope: observed.slope,
      residualMs,
      clockUntrusted: source === 'untrusted',
      cameraClockAhead: reportMs !== null && reportMs > hostMs + plausibleAheadMs,
    },
  }
}

/** Media that starts within this of the previous end, s, is contiguous: containers round their times. */
const seamSeconds = 0.1

/** Realistic absolute errors, ms: a camera disciplined by NTP, arrival only, and arrival of media whose times lie. */
const sourceErrorMs: Readonly<Record<ClockSource, number>> = { 'sender-report': 40, host: 250, untrusted: 500 }

/** Capture precedes arrival: a report is plausible from so far behind the host map to barely ahead of it, ms. */
const plausibleBehindMs = 2000
const plausibleAheadMs = 50

/** Sender reports that are in use stay so a little beyond the limits, lest the source flaps. */
const hysteresisMs = 100

/** A closing time so far under the host map, or so many in a row so far above it, ms: a clock was stepped. */
const steppedMs = 250
const closingsToStep = 8

const mostArrivals = 64
const mostReports = 16

interface Observed {
  readonly clock: SessionClock
  readonly slope: number
  /** UTC of the segment's end by either map. */
  readonly hostMs: UtcMs
  readonly reportMs: UtcMs | null
}

function observe(clock: SessionClock, facts: SegmentFacts, endMedia: number): Observed {
  const closing: ClockPair = { mediaSeconds: endMedia, utcMs: facts.closedAtMs }
  const restarted = clock.last !== null && endMedia <= clock.last.endMediaSeconds
  const arrivals = slideWindow(restarted ? [] : clock.arrivals, [closing], mostArrivals)
  const reports = slideWindow(restarted ? [] : clock.reports, newReports(clock, facts), mostReports)
  const { slope, untrusted } = mediaRate(arrivals, clock.untrusted && !restarted)
  const hostLength = hostWindow(arrivals, restarted ? 0 : clock.hostLength)
  const hostMs = hostTimeMs(arrivals.slice(-hostLength), endMedia)
  const reportOffset = lockedReportOffsetMs(reports)
  const reportMs = reportOffset === null ? null : endMedia * 1000 + reportOffset
  const usesReports = reportMs !== null && isPlausible(hostMs - reportMs, clock.usesReports)
  return { clock: { ...clock, arrivals, reports, hostLength, untrusted, usesReports }, slope, hostMs, reportMs }
}

function choose({ clock, hostMs, reportMs }: Observed, facts: SegmentFacts): { source: ClockSource; targetMs: UtcMs } {
  if (clock.untrusted) return { source: 'untrusted', targetMs: facts.closedAtMs }
  if (clock.usesReports && reportMs !== null) return { source: 'sender-report', targetMs: reportMs }
  return { source: 'host', targetMs: hostMs }
}

const newReports = (clock: SessionClock, facts: SegmentFacts): readonly ClockPair[] => {
  const newest = clock.reports.at(-1)?.mediaSeconds ?? Number.NEGATIVE_INFINITY
  return facts.senderReports.filter(pair => pair.mediaSeconds > newest)
}

const isPlausible = (behindMs: number, inUse: boolean): boolean => {
  const slack = inUse ? hysteresisMs : 0
  return behindMs >= -plausibleAheadMs - slack && behindMs <= plausibleBehindMs + slack
}

/** How many of the newest closing times, this one included, belong to the host map. */
function hostWindow(arrivals: readonly ClockPair[], previousLength: number): number {
  const length = Math.min(previousLength + 1, arrivals.length)
  const window = arrivals.slice(-length)
  const before = window.slice(0, -closingsToStep)
  const aboveMs = (map: readonly ClockPair[], pair: ClockPair): number =>
    pair.utcMs - hostTimeMs(map, pair.mediaSeconds)
  if (length > 1 && aboveMs(window.slice(0, -1), window.at(-1)!) < -steppedMs) return 1
  if (before.length > 0 && window.slice(-closingsToStep).every(pair => aboveMs(before, pair) > steppedMs))
    return closingsToStep
  return length
}

function checkFacts(clock: SessionClock, facts: SegmentFacts): void {
  const { session, sequence } = facts
  if (session !== clock.session)
    throw new DomainError('segment-of-another-session', { session, expected: clock.session })
  if (!(facts.timescale > 0) || facts.durationTicks <= 0n) throw new DomainError('segment-empty', { session, sequence })
  const last = clock.last?.sequence
  if (last !== undefined && sequence <= last) throw new DomainError('segment-out-of-order', { session, sequence, last })
}
