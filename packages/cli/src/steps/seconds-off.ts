import { boundaryErrors, type FrameLabels, labelSegments, matchIntervals, timeErrors } from '@takt/steps'

/** Within which a border counts as found: about what annotators differ by. */
const TOLERANCE_SECONDS = 1

export interface SecondsOptions {
  /** Time steps a second. */
  readonly rate: number
  /** Classes whose segments are no steps. */
  readonly ignored: readonly number[]
}

/** Errors of borders and durations in seconds over all sequences; null without a matched step. */
export function secondsOff(sequences: readonly FrameLabels[], { rate, ignored }: SecondsOptions) {
  const spans = (labels: Int16Array) =>
    labelSegments(labels, ignored).map(({ label, start, end }) => ({
      step: String(label),
      start: start / rate,
      end: end / rate,
    }))
  const matches = sequences.map(({ truth, predicted }) => matchIntervals(spans(truth), spans(predicted)))
  const matched = matches.flatMap(match => match.matched)
  const missed = matches.flatMap(match => match.missed)
  const { recall } = boundaryErrors({ matched, missed }, TOLERANCE_SECONDS)
  return { rate, ...timeErrors(matched), bordersFoundPercent: recall, toleranceSeconds: TOLERANCE_SECONDS }
}
