/** Every fault this package names; none of them heals by trying again with the same input. */
const FAULTS = {
  no_labels: { text: 'no step is labelled: a head needs at least one declared range', retryable: false },
  no_classes: { text: 'classes are a background and at least one step, each with its own name', retryable: false },
  class_without_example: { text: 'a class has no labelled example', retryable: false },
  label_out_of_range: { text: 'a label names no class', retryable: false },
  labels_misaligned: { text: 'labels and time steps differ in number', retryable: false },
  sequence_too_short: { text: 'a sequence has too few time steps to learn from', retryable: false },
  option_out_of_range: { text: 'an option lies outside its range', retryable: false },
  non_finite_features: { text: 'features contain a value that is not finite, or beyond 1e9', retryable: false },
  view_missing: {
    text: 'an observed time step carries no view, or a view is never seen with a label',
    retryable: false,
  },
  view_unknown: { text: 'a time step carries a view the head was not fitted on', retryable: false },
  dimension_mismatch: { text: 'features have another dimension than the head', retryable: false },
  checkpoint_malformed: { text: 'the checkpoint cannot be read', retryable: false },
  checkpoint_version: { text: 'the checkpoint has another version', retryable: false },
  checkpoint_of_other_head: { text: 'the checkpoint belongs to another head', retryable: false },
  frames_malformed: { text: 'frames are no whole steps of two square RGB pictures', retryable: false },
  head_malformed: { text: 'the tensors do not make a head', retryable: false },
  process_malformed: { text: 'the process cannot be decoded', retryable: false },
  scores_malformed: { text: 'scores are no rows of one finite value a class', retryable: false },
  labels_unreadable: { text: 'the label file cannot be read', retryable: false },
  labels_too_many: { text: 'the label file is larger than what is read', retryable: false },
  labels_unsupported: { text: 'the label file has a form that is not read', retryable: false },
  labels_repeat: { text: 'the label file names one thing twice', retryable: false },
  labels_overlap: { text: 'two labels of one tier overlap', retryable: false },
  label_time_invalid: { text: 'a label has no valid time', retryable: false },
  label_name_invalid: { text: 'a label, a tier or a source has no valid name', retryable: false },
  label_tier_unknown: { text: 'no label is of this tier', retryable: false },
  labels_unprintable: { text: 'the labels cannot be written in this format', retryable: false },
} as const satisfies Record<string, { text: string; retryable: boolean }>

export type StepsFault = keyof typeof FAULTS

/** A fault of this package: `code` from the table, the offending values in the message and in `values`. */
export class StepsError extends Error {
  readonly code: StepsFault
  readonly retryable: boolean
  readonly values: Readonly<Record<string, unknown>>

  constructor(code: StepsFault, values: Readonly<Record<string, unknown>> = {}, cause?: unknown) {
    const named = Object.entries(values).map(([name, value]) => `${name}=${String(value)}`)
    super([FAULTS[code].text, ...named].join(', '), cause === undefined ? undefined : { cause })
    this.name = 'StepsError'
    this.code = code
    this.retryable = FAULTS[code].retryable
    this.values = values
  }
}
