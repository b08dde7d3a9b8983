import { stepMs } from './grid.ts'
import type { DecodedInterval } from './interval.ts'
import type { Range } from './range.ts'

type PathInterval = Pick<DecodedInterval, 'step' | 'startUtcMs'>

/** A window to revise, and whether the old and the new path meet at each of its ends. */
export interface WidenedWindow extends Range {
  readonly startSettled: boolean
  readonly endSettled: boolean
}

/**
 * Widens a window, within what was re-decoded, to the nearest cycle starts on which both paths agree to a slot.
 * An end that is not settled has to be decoded further.
 */
export function widenWindow(request: {
  readonly window: Range
  /** The re-decoded range; the window never grows past it. */
  readonly available: Range
  readonly current: readonly PathInterval[]
  readonly redecoded: readonly PathInterval[]
  readonly opensCycle: (step: string) => boolean
}): WidenedWindow {
  const { window, available, opensCycle } = request
  const starts = (path: readonly PathInterval[]): readonly PathInterval[] =>
    path.filter(interval => opensCycle(interval.step))
  const fresh = starts(request.redecoded)
  const common = starts(request.current)
    .filter(old => fresh.some(next => next.step === old.step && Math.abs(next.startUtcMs - old.startUtcMs) <= stepMs))
    .map(old => old.startUtcMs)
  const before = common.filter(ms => ms <= window.startUtcMs && ms >= available.startUtcMs)
  const after = common.filter(ms => ms >= window.endUtcMs && ms <= available.endUtcMs)
  return {
    startUtcMs: before.length ? Math.max(...before) : available.startUtcMs,
    endUtcMs: after.length ? Math.min(...after) : available.endUtcMs,
    startSettled: before.length > 0,
    endSettled: after.length > 0,
  }
}
