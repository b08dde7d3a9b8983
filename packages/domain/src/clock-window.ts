import type { UtcMs } from './grid.ts'

/** A media time of a session and the UTC that a clock gave it. */
export interface ClockPair {
  readonly mediaSeconds: number
  readonly utcMs: UtcMs
}

/** UTC minus media time, ms: constant while both clocks run at one rate. */
export const offsetMs = (pair: ClockPair): number => pair.utcMs - pair.mediaSeconds * 1000

/** Appends pairs to a window that keeps the newest `most`. */
export const slideWindow = (
  window: readonly ClockPair[],
  pairs: readonly ClockPair[],
  most: number,
): readonly ClockPair[] => [...window, ...pairs].slice(-most)

/** The middle value; of an even count, the lower of the two. */
export const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[(values.length - 1) >> 1]!
