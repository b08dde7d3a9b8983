import { type ClockPair, slideWindow } from './clock-window.ts'
import type { UtcMs } from './grid.ts'
import { hostMap } from './host-map.ts'
import type { SessionId } from './identifiers.ts'
import { mediaRate } from './media-rate.ts'
import { lockedReportOffsetMs, reportAgreementMs } from './report-map.ts'
import { mediaEndSeconds, type SegmentFacts } from './segment.ts'

/** What a session's clock remembers. Plain JSON, bounded. */
export interface SessionClock {
  readonly session: SessionId
  /** Closing times, newest last. */
  readonly arrivals: readonly ClockPair[]
  /** How many of the newest closing times the host map may use: a step of a clock starts it afresh. */
  readonly hostLength: number
  /** Distinct sender-report pairs, newest last. */
  readonly reports: readonly ClockPair[]
  /** The offset on which the reports last locked, ms. */
  readonly reportOffsetMs: number | null
  /** Whether the camera's own clock was seen to step: it is disciplined by SNTP at best. */
  readonly reportsStepped: boolean
  readonly usesReports: boolean
  readonly untrusted: boolean
  readonly last: { readonly sequence: number; readonly endMediaSeconds: number; readonly endUtcMs: UtcMs } | null
}

export const openClock = (session: SessionId): SessionClock => ({
  session,
  arrivals: [],
  hostLength: 0,
  reports: [],
  reportOffsetMs: null,
  reportsStepped: false,
  usesReports: false,
  untrusted: false,
  last: null,
})

/** Capture precedes arrival: a report is plausible from so far behind the host map to barely ahead of it, ms. */
const plausibleBehindMs = 2000
export const plausibleAheadMs = 50

/** Reports in use stay so a little beyond the limits, lest the source flaps. */
const hysteresisMs = 100

/** A closing time so far under the host map, or so many in a row so far above it, ms: a clock was stepped. */
const steppedMs = 250
const closingsToStep = 8

/** Over four minutes of segments. */
const mostArrivals = 64
const mostReports = 16

/** What the clocks say of a segment's end. */
export interface ClockReading {
  readonly clock: SessionClock
  /** UTC seconds per media second by closing times; 1 until there are enough of them. */
  readonly slope: number
  /** UTC of the segment's end by closing times, and by sender reports once they are locked. */
  readonly hostMs: UtcMs
  readonly reportMs: UtcMs | null
}

/** Takes in a closed segment's clock pairs. The two maps stay apart: neither is ever the minimum of both. */
export function readClocks(clock: SessionClock, facts: SegmentFacts): ClockReading {
  const endMedia = mediaEndSeconds(facts)
  const known = clock.last !== null && endMedia <= clock.last.endMediaSeconds ? forgetMaps(clock) : clock
  const arrivals = slideWindow(known.arrivals, [{ mediaSeconds: endMedia, utcMs: facts.closedAtMs }], mostArrivals)
  const hostLength = hostWindowLength(arrivals, known.hostLength)
  const hostMs = hostMap(arrivals.slice(-hostLength))(endMedia)
  const { slope, untrusted } = mediaRate(arrivals, known.untrusted)

  const reports = slideWindow(known.reports, newReports(known, facts), mostReports)
  const locked = lockedReportOffsetMs(reports, endMedia)
  const reportMs = locked === null ? null : endMedia * 1000 + locked
  return {
    clock: {
      ...known,
      arrivals,
      hostLength,
      untrusted,
      reports,
      reportOffsetMs: locked ?? known.reportOffsetMs,
      reportsStepped: known.reportsStepped || hasStepped(known.reportOffsetMs, locked),
      usesReports: reportMs !== null && isPlausible(hostMs - reportMs, known.usesReports),
    },
    slope,
    hostMs,
    reportMs,
  }
}

/** Media time that runs backwards began anew; what was learnt of it is void. */
const forgetMaps = (clock: SessionClock): SessionClock => ({ ...openClock(clock.session), last: clock.last })

function newReports(clock: SessionClock, facts: SegmentFacts): readonly ClockPair[] {
  const newest = clock.reports.at(-1)?.mediaSeconds ?? Number.NEGATIVE_INFINITY
  const end = mediaEndSeconds(facts)
  return facts.senderReports.filter(p => p.mediaSeconds > newest && p.mediaSeconds <= end && Number.isFinite(p.utcMs))
}

const hasStepped = (before: number | null, now: number | null): boolean =>
  before !== null && now !== null && Math.abs(now - before) > reportAgreementMs

function isPlausible(behindHostMs: number, inUse: boolean): boolean {
  const slack = inUse ? hysteresisMs : 0
  return behindHostMs >= -plausibleAheadMs - slack && behindHostMs <= plausibleBehindMs + slack
}

/** How many of the newest closing times, the last one included, the host map may use. */
function hostWindowLength(arrivals: readonly ClockPair[], previousLength: number): number {
  const length = Math.min(previousLength + 1, arrivals.length)
  if (length === 1) return 1
  const window = arrivals.slice(-length)
  const newest = window.at(-1)!
  if (hostMap(window.slice(0, -1))(newest.mediaSeconds) - newest.utcMs > steppedMs) return 1
  if (length <= closingsToStep) return length
  const before = hostMap(window.slice(0, -closingsToStep))
  const stepped = window.slice(-closingsToStep).every(pair => pair.utcMs - before(pair.mediaSeconds) > steppedMs)
  return stepped ? closingsToStep : length
}
