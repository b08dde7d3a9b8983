export type LabelProblemCode =
  | 'source-empty'
  | 'time-invalid'
  | 'clocks-mixed'
  | 'end-not-after-start'
  | 'overlap'
  | 'outside-range'
  | 'name-unknown'

/** What is wrong with a row of labels. */
export interface LabelProblem {
  readonly code: LabelProblemCode
  /** Which row, from 1. */
  readonly row: number
  readonly message: string
}

export type ProcessProblemCode =
  | 'name-empty'
  | 'name-duplicate'
  | 'too-deep'
  | 'no-task'
  | 'expected-time-invalid'
  | 'cycle-opened-twice'
  | 'cycle-opened-by-no-task'
  | 'cycle-opened-by-optional-task'
  | 'cycle-opened-in-any-order'
  | 'order-of-no-task'
  | 'any-order-group-invalid'

/** What is wrong with a node of a process. */
export interface ProcessProblem {
  readonly code: ProcessProblemCode
  /** Where in the tree, as names joined by " / ". */
  readonly path: string
  readonly message: string
}
