/** The tier of whoever names none: the tasks, one at a time. */
export const TASK_TIER = 'task'

/** The motions inside the tasks. */
export const MOTION_TIER = 'motion'

/**
 * What somebody says was done in `[startSeconds, endSeconds)`, counted from the beginning of the video. A tier is one
 * level of description (`task`, `motion`, or what its author called it); labels of one tier never overlap.
 */
export type LabelSpan = {
  readonly startSeconds: number
  readonly endSeconds: number
  readonly label: string
  readonly tier: string
}

/** A video's labels by start, then tier. `source` is what the file calls the video, null where it calls it nothing. */
export type LabelledVideo = {
  readonly source: string | null
  readonly spans: readonly LabelSpan[]
}
