import { UNKNOWN } from '../labelled-runs.ts'

/**
 * Unknown time steps `[start, end)` beside a time stamp, which is a single labelled step with none known next to it. All
 * that happens here are the classes labelled on both sides, or on one at the ends of a sequence: null where there is none.
 */
export type StampGap = {
  readonly start: number
  readonly end: number
  readonly before: number | null
  readonly after: number | null
}

/**
 * The gaps that time stamps leave in labels. An unknown stretch between longer labelled ranges is no gap: what happens
 * there is not known at all.
 */
export function stampGaps(labels: Int16Array): readonly StampGap[] {
  const gaps: StampGap[] = []
  const at = (time: number) => labels[time] ?? UNKNOWN
  const isStamp = (time: number) =>
    at(time) !== UNKNOWN && at(time - 1) === UNKNOWN && at(time + 1) === UNKNOWN && labels.length > 1
  for (let start = 0; start < labels.length; start++) {
    if (labels[start] !== UNKNOWN) continue
    let end = start
    while (end < labels.length && labels[end] === UNKNOWN) end++
    if (isStamp(start - 1) || isStamp(end)) {
      const known = (time: number) => (at(time) === UNKNOWN ? null : at(time))
      gaps.push({ start, end, before: known(start - 1), after: known(end) })
    }
    start = end
  }
  return gaps
}

/**
 * `[time, class]`: 1 where a class draws near its stamp, −1 where it leaves it, of the change from the step before; 0
 * elsewhere. What `confidenceLoss` of nn takes.
 */
export function stampTrend(gaps: readonly StampGap[], times: number, classCount: number): Float32Array<ArrayBuffer> {
  const trend = new Float32Array(times * classCount)
  for (const { start, end, before, after } of gaps) {
    if (before === after) continue
    for (let time = start; time <= Math.min(end, times - 1); time++) {
      if (before !== null) trend[time * classCount + before] = -1
      if (after !== null && time > 0) trend[time * classCount + after] = 1
    }
  }
  return trend
}
