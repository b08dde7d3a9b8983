/** Length of one time step: a tubelet of 2 frames at 8 frames/s. */
export const STEP_SECONDS = 0.25

/** The features of the views that saw this time step, by view; each is `[grid · dim]`. */
export type ObservedStep = { readonly kind: 'observed'; readonly views: Readonly<Record<string, Float32Array>> }

/** A time step that no view saw. */
export type MissingStep = { readonly kind: 'missing' }

export type TimeStep = ObservedStep | MissingStep
