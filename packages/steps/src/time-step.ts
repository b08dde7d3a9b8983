/** Length of one time step: a tubelet of 2 frames at 8 frames/s. */
export const STEP_SECONDS = 0.25

/** The features of the views that saw this time step, by view; each is `[grid · dim]`. */
export type ObservedStep = { readonly kind: 'observed'; readonly views: Readonly<Record<string, Float32Array>> }

/** A time step that no view saw. */
export type MissingStep = { readonly kind: 'missing' }

export type TimeStep = ObservedStep | MissingStep

/** What one view saw of a step; undefined where it saw nothing. */
export function featuresOf(step: TimeStep, viewId: string): Float32Array | undefined {
  return step.kind === 'observed' && Object.hasOwn(step.views, viewId) ? step.views[viewId] : undefined
}
