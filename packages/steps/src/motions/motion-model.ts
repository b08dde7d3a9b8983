import type { Durations } from '../durations.ts'
import type { LinearScorer } from '../linear-scorer.ts'
import type { ViewScorer } from '../scorer-kinds.ts'

/**
 * What a task is made of: its labelled motions, and where its labels leave some of it to none, a rest. All arrays are by
 * part.
 */
export type TaskMotions = {
  /** The task, in the head's classes. */
  readonly classIndex: number
  /** Names of motions; `null` is the rest of the task. */
  readonly parts: readonly (string | null)[]
  readonly durations: Durations
  /** P(the task begins with the part), `[part]`. */
  readonly initial: Float32Array
  /** P(to | from), `[from, to]`, zero on the diagonal. */
  readonly next: Float32Array
}

/** How the motions inside of tasks are told apart. Tasks that are not here have none. */
export type MotionModel = {
  readonly tasks: readonly TaskMotions[]
  /** One a view; their classes are the parts of all tasks, one task after the other. */
  readonly scorers: readonly LinearScorer[]
}

/** Parts of all tasks together. */
export const partCount = ({ tasks }: Pick<MotionModel, 'tasks'>): number =>
  tasks.reduce((sum, { parts }) => sum + parts.length, 0)

/** All that scores a step: the scorers of tasks, and after them those of motions. */
export const scorersOf = (head: {
  readonly views: readonly ViewScorer[]
  readonly motions?: MotionModel | undefined
}): readonly ViewScorer[] => (head.motions ? [...head.views, ...head.motions.scorers] : head.views)
