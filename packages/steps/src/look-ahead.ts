/** Features of one step by view, in the head's order; undefined where the view did not see it. */
export type FeaturesByView = readonly (Float32Array | undefined)[]

/** Where a step of one view waits until enough has been seen after it. */
export type WaitingRoom<Out> = {
  /** Takes a step's features in. */
  readonly enter: (step: number, features: Float32Array) => void
  /** Hands on the steps `[from, to)`, which have waited longest, under what is known now; undefined for one not seen. */
  readonly leave: (from: number, to: number) => readonly (Out | undefined)[]
}

/** Steps on their way from being seen to being scored: `[readyThrough, seenThrough)` wait, at most `lookAheadSteps`. */
export type LookAhead = { seenThrough: number; readyThrough: number }

/** Receives a step with what each view's waiting room made of it. */
export type OnReady<Out> = (step: number, byView: readonly (Out | undefined)[]) => void

/** Sees one step, then hands on the step that `lookAheadSteps` have now followed, if there is one. */
export function see<Out>(
  rooms: readonly WaitingRoom<Out>[],
  lookAheadSteps: number,
  ahead: LookAhead,
  features: FeaturesByView,
  onReady: OnReady<Out>,
): void {
  for (const [index, x] of features.entries()) if (x !== undefined) rooms[index]!.enter(ahead.seenThrough, x)
  ahead.seenThrough++
  if (ahead.seenThrough - ahead.readyThrough > lookAheadSteps) handOn(rooms, ahead, ahead.readyThrough + 1, onReady)
}

/** Hands on every waiting step under what is known now: at a cut or the end of a window nothing lies ahead. */
export function drain<Out>(rooms: readonly WaitingRoom<Out>[], ahead: LookAhead, onReady: OnReady<Out>): void {
  handOn(rooms, ahead, ahead.seenThrough, onReady)
}

/** Lets the next step be `step`; nothing may be waiting. */
export function skipTo(ahead: LookAhead, step: number): void {
  ahead.seenThrough = step
  ahead.readyThrough = step
}

function handOn<Out>(rooms: readonly WaitingRoom<Out>[], ahead: LookAhead, to: number, onReady: OnReady<Out>): void {
  const from = ahead.readyThrough
  if (from === to) return
  const byView = rooms.map(room => room.leave(from, to))
  for (let step = from; step < to; step++) {
    ahead.readyThrough = step + 1
    onReady(
      step,
      byView.map(ofView => ofView[step - from]),
    )
  }
}
