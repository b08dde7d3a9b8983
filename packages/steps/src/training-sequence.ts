import { StepsError } from './errors.ts'
import { UNKNOWN } from './labelled-runs.ts'
import type { TimeStep } from './time-step.ts'

/**
 * One stretch of a station's timeline: consecutive time steps and a label each — a class index, 0 for the background
 * inside a declared range, −1 for unknown.
 */
export type TrainingSequence = {
  readonly steps: readonly TimeStep[]
  readonly labels: Int16Array
  /** Occurrences as they were labelled, finer than steps: what held-out borders are compared with. */
  readonly occurrences?: readonly LabelledOccurrence[] | undefined
  /** The labelled motion of each step, counted from 1 in the request's `motions`; 0 where there is none. */
  readonly motions?: Int16Array | undefined
}

/** A labelled occurrence of a class, `[start, end)` in steps of its sequence and fractions of them. */
export type LabelledOccurrence = { readonly classIndex: number; readonly start: number; readonly end: number }

/** Refuses what no head can be learnt from, naming the fault. */
export function checkTraining(sequences: readonly TrainingSequence[], classes: readonly string[]): void {
  if (classes.length < 2 || new Set(classes).size < classes.length) {
    throw new StepsError('no_classes', { classes: JSON.stringify(classes) })
  }
  const examples = new Float64Array(classes.length)
  for (const [index, { steps, labels }] of sequences.entries()) {
    if (steps.length !== labels.length) {
      throw new StepsError('labels_misaligned', { sequence: index, labels: labels.length, steps: steps.length })
    }
    for (const [step, label] of labels.entries()) {
      if (label < UNKNOWN || label >= classes.length) {
        throw new StepsError('label_out_of_range', { sequence: index, step, label, classes: classes.length })
      }
      if (label !== UNKNOWN && steps[step]!.kind === 'observed') examples[label]! += 1
    }
  }
  if (examples.every(count => count === 0)) throw new StepsError('no_labels', { sequences: sequences.length })
  // A process may leave no time between its steps; a background without examples is then never found.
  for (const [classIndex, name] of classes.entries()) {
    if (classIndex > 0 && examples[classIndex] === 0) throw new StepsError('class_without_example', { class: name })
  }
}

/** The sequence with missing steps unlabelled: a gap is no example, and never part of a duration. */
export function forgetMissing({ steps, labels, ...rest }: TrainingSequence): TrainingSequence {
  return { ...rest, steps, labels: labels.map((label, step) => (steps[step]!.kind === 'missing' ? UNKNOWN : label)) }
}

/** The views that any step of the sequences carries, in alphabetical order; throws `view_missing`. */
export function viewsOf(sequences: readonly TrainingSequence[]): readonly string[] {
  const viewIds = new Set<string>()
  for (const [index, { steps }] of sequences.entries()) {
    for (const [at, step] of steps.entries()) {
      if (step.kind === 'missing') continue
      const present = Object.keys(step.views)
      if (present.length === 0) throw new StepsError('view_missing', { sequence: index, step: at })
      for (const viewId of present) viewIds.add(viewId)
    }
  }
  return [...viewIds].sort()
}
