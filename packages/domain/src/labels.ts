import { DomainError } from './errors.ts'
import { stepMs } from './grid.ts'

/** Labelled time is declared: inside a range, what has no label is background; outside, it is unknown. */
export interface LabelRange {
  /** A camera, a station or a file. */
  readonly source: string
  /** What the times count from: the Unix epoch, or the beginning of the file. */
  readonly clock: 'utc' | 'file'
  readonly startMs: number
  readonly endMs: number
}

export interface Label extends LabelRange {
  readonly label: string
}

export const unknownClass = -1
export const backgroundClass = 0

/**
 * The class of each slot `[fromSlot, toSlot)`: −1 outside the ranges, 0 for background, else the index in `classes`
 * (whose first entry is the background) of the label that covers the slot's middle. All of one source.
 */
export function labelsToSteps(request: {
  readonly ranges: readonly Pick<LabelRange, 'startMs' | 'endMs'>[]
  readonly labels: readonly Pick<Label, 'startMs' | 'endMs' | 'label'>[]
  readonly classes: readonly string[]
  readonly fromSlot: number
  readonly toSlot: number
}): Int16Array {
  const { classes, fromSlot, toSlot } = request
  const steps = new Int16Array(Math.max(0, toSlot - fromSlot)).fill(unknownClass)
  const paint = (
    span: { readonly startMs: number; readonly endMs: number },
    value: number,
    over: (old: number) => boolean,
  ): void => {
    const first = Math.max(fromSlot, firstMiddleAtOrAfter(span.startMs))
    const last = Math.min(toSlot, firstMiddleAtOrAfter(span.endMs))
    for (let slot = first; slot < last; slot++) if (over(steps[slot - fromSlot]!)) steps[slot - fromSlot] = value
  }
  for (const range of request.ranges) paint(range, backgroundClass, () => true)
  for (const label of request.labels) {
    const index = classes.indexOf(label.label, 1)
    if (index < 0) throw new DomainError('label-without-class', { label: label.label, classes })
    paint(label, index, old => old !== unknownClass)
  }
  return steps
}

/**
 * The labels as occurrences of classes, `[start, end)` in slots from `fromSlot` and fractions of them: what
 * `labelsToSteps` rounds to whole slots.
 */
export function labelOccurrences(request: {
  readonly labels: readonly Pick<Label, 'startMs' | 'endMs' | 'label'>[]
  readonly classes: readonly string[]
  readonly fromSlot: number
}): readonly { readonly classIndex: number; readonly start: number; readonly end: number }[] {
  const { labels, classes, fromSlot } = request
  return labels.map(({ label, startMs, endMs }) => {
    const classIndex = classes.indexOf(label, 1)
    if (classIndex < 0) throw new DomainError('label-without-class', { label, classes })
    const fromMs = fromSlot * stepMs
    return { classIndex, start: (startMs - fromMs) / stepMs, end: (endMs - fromMs) / stepMs }
  })
}

/** The first slot whose middle, (n + ½)·250 ms, is not before a time. */
const firstMiddleAtOrAfter = (ms: number): number => Math.ceil(ms / stepMs - 0.5)
