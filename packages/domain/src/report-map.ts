import { type ClockPair, median, offsetMs } from './clock-window.ts'

/** Pairs that agree to this are one clock: milliseconds of rounding, and a crystal's drift over the window. */
const agreementMs = 10

/** So many pairs have to agree, over at least so long, s. */
const pairsToLock = 3
const shortestLockSeconds = 2

/**
 * UTC minus media time by sender reports, ms, or `null` until the newest pairs agree. Before a camera's first report,
 * `prft` carries the host's write time, and after a step of the camera's clock old and new pairs differ: both unlock.
 */
export function lockedReportOffsetMs(pairs: readonly ClockPair[]): number | null {
  const newest = pairs.at(-1)
  if (!newest) return null
  const offsets: number[] = []
  let oldest = newest
  for (const pair of pairs.toReversed()) {
    if (Math.abs(offsetMs(pair) - offsetMs(newest)) > agreementMs) break
    offsets.push(offsetMs(pair))
    oldest = pair
  }
  const locked = offsets.length >= pairsToLock && newest.mediaSeconds - oldest.mediaSeconds >= shortestLockSeconds
  return locked ? median(offsets) : null
}
