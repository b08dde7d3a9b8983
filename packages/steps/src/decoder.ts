import { decideAll, decideNext } from './decide.ts'
import { copyDecoder, type DecoderDraft, type DecoderState } from './decoder-state.ts'
import { StepsError } from './errors.ts'
import { logEvidence } from './evidence.ts'
import type { Interval } from './interval.ts'
import { drain, see, skipTo, type WaitingRoom } from './look-ahead.ts'
import { motionEvidence } from './motions/motion-evidence.ts'
import { scorersOf } from './motions/motion-model.ts'
import { observedFeatures } from './observed-features.ts'
import { kindOf } from './scorer-kinds.ts'
import type { StepHead } from './step-head.ts'
import type { ObservedStep, TimeStep } from './time-step.ts'

/** What some time steps led to. */
export type Advance = {
  readonly state: DecoderState
  /** Intervals whose end is decided; each is reported once and never contradicted. */
  readonly finals: readonly Interval[]
  /** What would be final if the video ended here; the last one, if censored, is still under way. */
  readonly provisionals: readonly Interval[]
  /** Every step before this one is decided. */
  readonly decidedThrough: number
}

/**
 * Decodes consecutive time steps, the first being `state.ahead.seenThrough`. The finals depend on the steps alone, not
 * on how they are divided among calls. A missing step cuts: see `cut`.
 * Throws `view_missing`, `view_unknown`, `dimension_mismatch`, `non_finite_features`, `checkpoint_of_other_head`.
 */
export function advance(head: StepHead, state: DecoderState, steps: readonly TimeStep[]): Advance {
  const draft = draftFor(head, state)
  const finals: Interval[] = []
  for (const step of steps) {
    if (step.kind === 'observed') observe(head, draft, step, finals)
    else {
      close(head, draft, finals)
      restart(draft, draft.ahead.seenThrough + 1)
    }
  }
  const provisionals = flush(head, draft).finals
  return { state: draft, finals, provisionals, decidedThrough: draft.decidedThrough }
}

/** The intervals left when a window ends after the last step seen; the open one is censored there. */
export function flush(head: StepHead, state: DecoderState): { readonly finals: readonly Interval[] } {
  const finals: Interval[] = []
  close(head, draftFor(head, state), finals)
  return { finals }
}

/**
 * Ends the open interval, censored, after the last step seen, and starts over with the work in an unknown phase. The
 * moments of the features stay: the light before a gap is the best guess of the light after it.
 */
export function cut(head: StepHead, state: DecoderState): Omit<Advance, 'provisionals'> {
  const draft = draftFor(head, state)
  const finals: Interval[] = []
  close(head, draft, finals)
  restart(draft, draft.ahead.seenThrough)
  return { state: draft, finals, decidedThrough: draft.decidedThrough }
}

function draftFor(head: StepHead, state: DecoderState): DecoderDraft {
  if (state.headId !== head.id) throw new StepsError('checkpoint_of_other_head', { of: state.headId, head: head.id })
  return copyDecoder(state)
}

function observe(head: StepHead, draft: DecoderDraft, step: ObservedStep, finals: Interval[]): void {
  const features = observedFeatures(scorersOf(head), step, draft.ahead.seenThrough)
  see(rooms(head, draft), head.lookAheadSteps, draft.ahead, features, (_, logits) => {
    weighStep(head, draft, logits)
    finals.push(...decideNext(head, draft))
  })
}

function close(head: StepHead, draft: DecoderDraft, finals: Interval[]): void {
  drain(rooms(head, draft), draft.ahead, (_, logits) => weighStep(head, draft, logits))
  finals.push(...decideAll(head, draft))
}

/** Keeps the evidence of a step: of its tasks, and of their motions. */
function weighStep(head: StepHead, draft: DecoderDraft, logits: readonly (Float64Array | undefined)[]): void {
  draft.evidence.push(logEvidence(head, logits.slice(0, head.views.length)))
  if (head.motions) draft.motionEvidence.push(motionEvidence(head.motions, logits.slice(head.views.length)))
}

function restart(draft: DecoderDraft, step: number): void {
  skipTo(draft.ahead, step)
  for (const view of draft.ahead.views) kindOf(view).forget(view)
  draft.originStep = step
  draft.decidedThrough = step
  draft.weighedThrough = step
  draft.evidence.length = 0
  draft.motionEvidence.length = 0
  draft.path.length = 0
}

function rooms(head: StepHead, draft: DecoderDraft): readonly WaitingRoom<Float64Array>[] {
  return scorersOf(head).map((scorer, index) => kindOf(scorer).room(scorer, draft.ahead.views[index]!))
}
