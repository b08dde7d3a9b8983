import { type ClockPair, median, offsetMs } from './clock-window.ts'

/** Pairs that agree to this are one clock: milliseconds of rounding, and a crystal's drift over the window. */
export const reportAgreementMs = 10

/** So many pairs have to agree, over at least so long, s. */
const pairsToLock = 3
const shortestLockSeconds = 2

/** Without a new report for so long, s, drift is no longer followed. */
const longestHoldSeconds = 60

/**
 * UTC minus media time by sender reports, ms, or `null` until the newest pairs agree. Before a camera's first report,
 * `prft` carries the host's write time, and after a step of the camera's clock old and new pairs differ: both unlock.
 */
export function lockedReportOffsetMs(pairs: readonly ClockPair[], atMediaSeconds: number): number | null {
  const newest = pairs.at(-1)
  if (!newest || atMediaSeconds - newest.mediaSeconds > longestHoldSeconds) return null
  const first = pairs.findLastIndex(pair => Math.abs(offsetMs(pair) - offsetMs(newest)) > reportAgreementMs) + 1
  const agreeing = pairs.slice(first)
  const span = newest.mediaSeconds - agreeing[0]!.mediaSeconds
  return agreeing.length >= pairsToLock && span >= shortestLockSeconds ? median(agreeing.map(offsetMs)) : null
}
