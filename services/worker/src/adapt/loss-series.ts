import type { LossPoint } from '@takt/db'

/** A series is looked at as a curve: more points than this no screen shows. */
const mostPoints = 240

/** A series with the losses of the steps after it; where it grows too long every second point goes, never the first or the last. */
export function extendSeries(series: readonly LossPoint[], points: readonly LossPoint[]): readonly LossPoint[] {
  const whole = [...series, ...points]
  return whole.length > mostPoints ? thin(whole) : whole
}

const thin = (series: readonly LossPoint[]): readonly LossPoint[] =>
  series.length > mostPoints ? thin(series.filter((_, i) => i % 2 === 0 || i === series.length - 1)) : series

/** The part of a series that a checkpoint at `step` has seen. */
export const seriesUpTo = (series: readonly LossPoint[], step: number): readonly LossPoint[] =>
  series.filter(point => point.step <= step)
