import { dirname } from 'node:path'
import { placeSegment, type SessionClock, type UtcMs } from '@takt/domain'
import { type SpooledSegment, segmentFacts } from '../spool/spooled-segment.ts'
import { isSuperseded } from './is-superseded.ts'
import type { KeepState } from './keep-state.ts'
import { loadClock } from './session-clock.ts'

interface ChainNow {
  readonly coveredUntilMs: UtcMs | null
  readonly nowMs: UtcMs
}

type Spooled = { readonly path: string; readonly segment: SpooledSegment }

/** A spooled segment's place in UTC after the chain's end, by its session's clock, and whether another has already spoken for its time. */
export async function placeSpooled(state: KeepState, item: Spooled, { coveredUntilMs, nowMs }: ChainNow) {
  const clock = await clockOf(state, item)
  const placed = placeSegment(clock, segmentFacts(item.segment), coveredUntilMs)
  const sessionEndMs = clock.last?.endUtcMs ?? null
  return { ...placed, superseded: isSuperseded({ ...placed, coveredUntilMs, sessionEndMs, nowMs }) }
}

/** The session's clock with the knowledge of a segment that was kept earlier, at `startUtcMs`: the same inputs give the same place. */
export async function catchUp(state: KeepState, item: Spooled, startUtcMs: number): Promise<SessionClock> {
  const clock = await clockOf(state, item)
  const alreadyKnown = clock.last !== null && clock.last.sequence >= item.segment.sequence
  return alreadyKnown ? clock : placeSegment(clock, segmentFacts(item.segment), startUtcMs).clock
}

const clockOf = ({ clock }: KeepState, { path, segment }: Spooled): Promise<SessionClock> | SessionClock =>
  clock?.session === segment.session ? clock : loadClock(dirname(path), segment.session)
