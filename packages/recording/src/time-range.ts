import { recordingError } from './errors.ts'

/** `[startSeconds, endSeconds)` of a recording. */
export interface TimeRange {
  readonly startSeconds: number
  readonly endSeconds: number
}

/** Reads `0-45` or `12.5-60`; throws `range-malformed`. */
export function parseTimeRange(text: string): TimeRange {
  const [, start, end] = /^(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)$/.exec(text.trim()) ?? []
  const range = { startSeconds: Number(start), endSeconds: Number(end) }
  if (!(range.startSeconds < range.endSeconds)) throw recordingError('range-malformed', { text })
  return range
}

export const printTimeRange = ({ startSeconds, endSeconds }: TimeRange): string => `${startSeconds}-${endSeconds}`

/** The parts of `[0, lengthSeconds)` that no range covers, in order. */
export function timeOutside(ranges: readonly TimeRange[], lengthSeconds: number): readonly TimeRange[] {
  const outside: TimeRange[] = []
  let startSeconds = 0
  for (const range of ranges.toSorted((a, b) => a.startSeconds - b.startSeconds)) {
    if (range.startSeconds > startSeconds) outside.push({ startSeconds, endSeconds: range.startSeconds })
    startSeconds = Math.max(startSeconds, range.endSeconds)
  }
  if (startSeconds < lengthSeconds) outside.push({ startSeconds, endSeconds: lengthSeconds })
  return outside
}
