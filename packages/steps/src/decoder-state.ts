import type { LookAhead } from './look-ahead.ts'
import { scorersOf } from './motions/motion-model.ts'
import { kindOf, type ViewState } from './scorer-kinds.ts'
import type { StepHead } from './step-head.ts'

/** A segment of the decided path. The last one is open; its steps reach to `decidedThrough`. */
export type DecidedSegment = {
  readonly classIndex: number
  readonly startStep: number
  /** Null where the segment begins with the video. */
  readonly startSdSeconds: number | null
  /** Expected start less the beginning of `startStep`; 0 where the segment begins with the video. */
  readonly startOffsetSeconds: number
  /** Σ of the segment's posterior probability over its steps before `weighedThrough`. */
  probabilitySum: number
}

/** The decoder in mid-work, changed in place; only copies of it leave this package. */
export type DecoderDraft = {
  readonly headId: string
  readonly ahead: LookAhead & { readonly views: readonly ViewState[] }
  /** First step after the last cut. */
  originStep: number
  decidedThrough: number
  /** Steps before this one have their posterior probability in their segment's sum. */
  weighedThrough: number
  /** Log evidence `[class]` of the steps up to `ahead.readyThrough`: the undecided ones and some before them. */
  readonly evidence: Float32Array[]
  /** Log evidence of motions, `[part]`, of the steps up to `ahead.readyThrough` that an interval may still ask for. */
  readonly motionEvidence: Float32Array[]
  /** The decided segments that reach into the evidence, in order. */
  readonly path: DecidedSegment[]
}

/**
 * All a decoder remembers: moments, steps that wait or are looked back to, a window of evidence, the open segment and, up to a bound, what is
 * known of its motions. Its size does not grow
 * with time, and it is plain data (`encodeCheckpoint`).
 */
export type DecoderState = Readonly<DecoderDraft>

/** A decoder that has seen nothing; `fromStep` is the index of the first step it will be given. */
export function openDecoder(head: StepHead, fromStep: number): DecoderState {
  const views = scorersOf(head).map(scorer => kindOf(scorer).open(scorer))
  return {
    headId: head.id,
    ahead: { seenThrough: fromStep, readyThrough: fromStep, views },
    originStep: fromStep,
    decidedThrough: fromStep,
    weighedThrough: fromStep,
    evidence: [],
    motionEvidence: [],
    path: [],
  }
}

export function copyDecoder(state: DecoderState): DecoderDraft {
  return {
    ...state,
    ahead: { ...state.ahead, views: state.ahead.views.map(view => kindOf(view).copy(view)) },
    evidence: state.evidence.slice(),
    motionEvidence: state.motionEvidence.slice(),
    path: state.path.map(segment => ({ ...segment })),
  }
}
