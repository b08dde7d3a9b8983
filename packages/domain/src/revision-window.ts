import type { DecodedInterval } from './interval.ts'
import type { Range } from './range.ts'

type PathInterval = Pick<DecodedInterval, 'step' | 'startUtcMs'>

/** A window to revise, and whether the old and the new path meet at each of its ends. */
export interface WidenedWindow extends Range {
  readonly startSettled: boolean
  readonly endSettled: boolean
}

/** Published times are whole milliseconds of slots: paths that coincide do so exactly, rounding aside. */
const roundingMs = 1

/**
 * Widens a window, within what was re-decoded, to the nearest cycle starts on which the old and the new path coincide.
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
  const { window, available } = request
  const common = commonStarts(
    request.current.filter(interval => request.opensCycle(interval.step)),
    request.redecoded.filter(interval => request.opensCycle(interval.step)),
  )
  const before = common.findLast(ms => ms <= window.startUtcMs && ms >= available.startUtcMs)
  const after = common.find(ms => ms >= window.endUtcMs && ms <= available.endUtcMs)
  return {
    startUtcMs: before ?? available.startUtcMs,
    endUtcMs: after ?? available.endUtcMs,
    startSettled: before !== undefined,
    endSettled: after !== undefined,
  }
}

/** Where both paths start a cycle, in order. */
const commonStarts = (current: readonly PathInterval[], redecoded: readonly PathInterval[]): readonly number[] =>
  current
    .filter(old => redecoded.some(n => n.step === old.step && Math.abs(n.startUtcMs - old.startUtcMs) < roundingMs))
    .map(old => old.startUtcMs)
    .sort((a, b) => a - b)
