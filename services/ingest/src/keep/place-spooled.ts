import { dirname } from 'node:path'
import { type ClockDiagnosis, type Placement, placeSegment, type SessionClock } from '@takt/domain'
import { type SpooledSegment, segmentFacts } from '../spool/spooled-segment.ts'
import type { KeepState } from './keep-state.ts'
import { loadClock } from './session-clock.ts'

type Spooled = { readonly path: string; readonly segment: SpooledSegment }

/** A spooled segment's place in UTC after `previousEndUtcMs`, by its session's clock. */
export const placeSpooled = async (state: KeepState, item: Spooled, previousEndUtcMs: number | null) =>
  placeSegment(await clockOf(state, item), segmentFacts(item.segment), previousEndUtcMs)

/** The session's clock with the knowledge of a segment that was kept earlier, at `startUtcMs`: the same inputs give the same place. */
export async function catchUp(state: KeepState, item: Spooled, startUtcMs: number): Promise<SessionClock> {
  const clock = await clockOf(state, item)
  const alreadyKnown = clock.last !== null && clock.last.sequence >= item.segment.sequence
  return alreadyKnown ? clock : placeSegment(clock, segmentFacts(item.segment), startUtcMs).clock
}

const clockOf = ({ clock }: KeepState, { path, segment }: Spooled): Promise<SessionClock> | SessionClock =>
  clock?.session === segment.session ? clock : loadClock(dirname(path), segment.session)

/** Whether the chain already speaks for most of the segment's time, so that it could only be placed later than it was. */
export const isBehind = ({
  placement,
  diagnosis,
}: {
  readonly placement: Pick<Placement, 'startUtcMs' | 'endUtcMs'>
  readonly diagnosis: Pick<ClockDiagnosis, 'residualMs'>
}): boolean => -diagnosis.residualMs >= (placement.endUtcMs - placement.startUtcMs) / 2
