import { absorb, type Normaliser, type NormaliserState, release } from './normalise.ts'

/** Features of one step by view, in the head's order; undefined where the view did not see it. */
export type FeaturesByView = readonly (Float32Array | undefined)[]

/** Steps on their way from being seen to being scored: `[readyThrough, seenThrough)` wait, at most `lookAheadSteps`. */
export type LookAhead = {
  seenThrough: number
  readyThrough: number
  readonly normalisers: readonly NormaliserState[]
}

/** Receives a step with its normalised features. */
export type OnReady = (step: number, features: FeaturesByView) => void

/** Sees one step, then hands on the step that `lookAheadSteps` have now followed, if there is one. */
export function see(
  normalisers: readonly Normaliser[],
  lookAheadSteps: number,
  ahead: LookAhead,
  features: FeaturesByView,
  onReady: OnReady,
): void {
  for (const [index, x] of features.entries()) {
    if (x !== undefined) absorb(normalisers[index]!, ahead.normalisers[index]!, ahead.seenThrough, x)
  }
  ahead.seenThrough++
  if (ahead.seenThrough - ahead.readyThrough > lookAheadSteps) handOn(normalisers, ahead, onReady)
}

/** Hands on every waiting step under the moments known now: at a cut or the end of a window nothing lies ahead. */
export function drain(normalisers: readonly Normaliser[], ahead: LookAhead, onReady: OnReady): void {
  while (ahead.readyThrough < ahead.seenThrough) handOn(normalisers, ahead, onReady)
}

/** Lets the next step be `step`; nothing may be waiting. */
export function skipTo(ahead: LookAhead, step: number): void {
  ahead.seenThrough = step
  ahead.readyThrough = step
}

function handOn(normalisers: readonly Normaliser[], ahead: LookAhead, onReady: OnReady): void {
  const step = ahead.readyThrough
  ahead.readyThrough++
  const features = ahead.normalisers.map((state, index) => {
    return state.pending[0]?.step === step ? release(normalisers[index]!, state) : undefined
  })
  onReady(step, features)
}
