import { labelsToSteps } from '@takt/domain'
import { type LabelSpan, STEP_SECONDS, type TrainingSequence } from '@takt/steps'
import { recordingError } from './errors.ts'
import { printTimeRange, type TimeRange } from './time-range.ts'

/** The class of time that is no step. */
export const BACKGROUND_NAME = 'background'

/** What is learnt from and what is tested, of a recording whose labels say all that was done in it. */
export interface LabelledRecording {
  /** The background, then the labels in the order in which the training ranges first show them. */
  readonly classes: readonly string[]
  /** Labels of the training ranges, −1 outside them: `[step]`. */
  readonly training: TrainingSequence['labels']
  /** All labels; a label that was never trained on has a class past `classes`: `[step]`. */
  readonly truth: Int16Array
  /** Labels that no training range shows, in the order of their classes past `classes`. */
  readonly unlearnt: readonly string[]
}

/** Throws `range-outside`, `label-outside` and `nothing-labelled`. */
export function labelledRecording(
  spans: readonly LabelSpan[],
  train: readonly TimeRange[],
  stepCount: number,
): LabelledRecording {
  const lengthSeconds = stepCount * STEP_SECONDS
  requireInside(spans, train, lengthSeconds)
  const inOrder = spans.toSorted((a, b) => a.startSeconds - b.startSeconds)
  const learnt = inOrder.filter(span => train.some(range => overlaps(span, range)))
  const names = [...new Set(learnt.map(({ label }) => label))]
  if (names.length === 0) throw recordingError('nothing-labelled', { ranges: train.map(printTimeRange).join(', ') })
  const unlearnt = [...new Set(inOrder.map(({ label }) => label))].filter(label => !names.includes(label))
  const classes = [BACKGROUND_NAME, ...names]
  const paint = (ranges: readonly TimeRange[], labels: readonly LabelSpan[], all: readonly string[]) =>
    labelsToSteps({
      ranges: ranges.map(inMs),
      labels: labels.map(span => ({ label: span.label, ...inMs(span) })),
      classes: all,
      fromSlot: 0,
      toSlot: stepCount,
    })
  const whole = [{ startSeconds: 0, endSeconds: lengthSeconds }]
  return {
    classes,
    training: paint(train, learnt, classes),
    truth: paint(whole, inOrder, [...classes, ...unlearnt]),
    unlearnt,
  }
}

function requireInside(spans: readonly LabelSpan[], train: readonly TimeRange[], lengthSeconds: number): void {
  const beyond = train.find(({ startSeconds }) => startSeconds >= lengthSeconds)
  if (beyond) throw recordingError('range-outside', { range: printTimeRange(beyond), lengthSeconds })
  const outside = spans.find(({ startSeconds }) => startSeconds >= lengthSeconds)
  if (outside) throw recordingError('label-outside', { ...outside, lengthSeconds })
}

const overlaps = (a: TimeRange, b: TimeRange): boolean => a.startSeconds < b.endSeconds && b.startSeconds < a.endSeconds

const inMs = ({ startSeconds, endSeconds }: TimeRange) => ({ startMs: startSeconds * 1000, endMs: endSeconds * 1000 })
