import { calibratedBorderSd, calibratedDurationSd, NINETY_PERCENT } from './border-calibration.ts'
import { borderMoments } from './border-moments.ts'
import type { DecidedSegment, DecoderDraft } from './decoder-state.ts'
import type { Interval } from './interval.ts'
import { forgetMotions, motionsOfInterval } from './motions/motions-of-interval.ts'
import { type Posterior, smooth } from './smooth.ts'
import { BACKGROUND, type StepHead } from './step-head.ts'
import { STEP_SECONDS } from './time-step.ts'
import { bestPath } from './viterbi.ts'
import type { Anchor } from './window.ts'

/** Steps decided before their posterior is worked out, unless a border asks for it; within the evidence kept. */
const WEIGH_EVERY = 8

/**
 * Decides the oldest undecided step once `lagSteps` have been scored after it, and returns the interval that ended
 * there, if one did. The path is sought only among those that continue the decided one, so that nothing contradicts
 * what was reported; what is remembered is the open segment and a window of evidence, not a trellis.
 */
export function decideNext(head: StepHead, draft: DecoderDraft): readonly Interval[] {
  if (draft.ahead.readyThrough - draft.decidedThrough <= head.lagSteps) return []
  const finals = decide(head, draft, 1)
  forget(head, draft)
  return finals
}

/** Decides every scored step and closes the open segment, censored where the video ends. */
export function decideAll(head: StepHead, draft: DecoderDraft): readonly Interval[] {
  const finals = [...decide(head, draft, draft.ahead.readyThrough - draft.decidedThrough)]
  const open = draft.path.at(-1)
  if (open !== undefined) finals.push(...report(head, draft, open, CENSORED))
  return finals
}

/** Decides the next `count` steps by the best path from the open segment through all that is scored. */
function decide(head: StepHead, draft: DecoderDraft, count: number): readonly Interval[] {
  if (count === 0) return []
  const from = draft.decidedThrough
  const undecided = draft.evidence.slice(from - windowStart(draft))
  const path = bestPath({ head, anchor: anchorBefore(head, draft, from), evidence: undecided })
  const starting = path.filter(({ start }) => start >= 0 && start < count)
  if (starting.length === 0 && from + count - draft.weighedThrough < Math.min(WEIGH_EVERY, head.lagSteps)) {
    draft.decidedThrough = from + count
    return []
  }
  const posterior = posteriorOf(head, draft)
  const finals: Interval[] = []
  for (const { classIndex, start } of starting) {
    finals.push(...border(head, draft, posterior, { classIndex, startStep: from + start }))
  }
  draft.decidedThrough = from + count
  weigh(head, draft, posterior)
  return finals
}

/** Ends the open segment where the next one starts, and opens that one. */
function border(
  head: StepHead,
  draft: DecoderDraft,
  posterior: Posterior,
  { classIndex, startStep }: { readonly classIndex: number; readonly startStep: number },
): readonly Interval[] {
  const classCount = head.classes.length
  const at = startStep - windowStart(draft)
  const before = draft.path.at(-1)
  draft.decidedThrough = startStep
  weigh(head, draft, posterior)
  if (before === undefined) {
    draft.path.push({ classIndex, startStep, startSdSeconds: null, startOffsetSeconds: 0, probabilitySum: 0 })
    return []
  }
  const { classIndex: ending } = before
  const moments = borderMoments(posterior, {
    ending: stepOf(ending),
    starting: stepOf(classIndex),
    classCount,
    border: at,
  })
  const { offsetSeconds } = moments
  const sdSeconds = calibratedBorderSd(head.calibration, moments.sdSeconds)
  draft.path.push({
    classIndex,
    startStep,
    startSdSeconds: sdSeconds,
    startOffsetSeconds: offsetSeconds,
    probabilitySum: 0,
  })
  return report(head, draft, before, { sdSeconds, offsetSeconds })
}

function stepOf(classIndex: number): number | null {
  return classIndex === BACKGROUND ? null : classIndex
}

/** Adds the posterior of the open segment's decided steps to its sum, where that is still to do. */
function weigh(head: StepHead, draft: DecoderDraft, { occupancy }: Posterior): void {
  const open = draft.path.at(-1)
  const start = windowStart(draft)
  for (; open !== undefined && draft.weighedThrough < draft.decidedThrough; draft.weighedThrough++) {
    open.probabilitySum += occupancy[(draft.weighedThrough - start) * head.classes.length + open.classIndex]!
  }
}

function posteriorOf(head: StepHead, draft: DecoderDraft): Posterior {
  return smooth({ head, anchor: anchorBefore(head, draft, windowStart(draft)), evidence: draft.evidence })
}

/** The first step whose evidence is kept. */
function windowStart(draft: DecoderDraft): number {
  return draft.ahead.readyThrough - draft.evidence.length
}

/** The segment that contains the step before `step`, as the decoder's given; undefined at the start of a run. */
function anchorBefore(head: StepHead, draft: DecoderDraft, step: number): Anchor | undefined {
  const segment = draft.path.findLast(({ startStep }) => startStep < step)
  if (segment === undefined) return undefined
  const law = segment.startStep === draft.originStep ? head.residual : head.fresh
  return { classIndex: segment.classIndex, elapsed: step - segment.startStep, law }
}

/** Drops evidence older than one lag before the decision, and the segments that ended before it. */
function forget(head: StepHead, draft: DecoderDraft): void {
  const kept = draft.ahead.readyThrough - draft.decidedThrough + head.lagSteps
  while (draft.evidence.length > kept) draft.evidence.shift()
  while (draft.path.length > 1 && draft.path[1]!.startStep < windowStart(draft)) draft.path.shift()
  forgetMotions(head, draft)
}

/** How a segment ends: after the last decided step, give or take. */
type SegmentEnd = { readonly sdSeconds: number | null; readonly offsetSeconds: number }

const CENSORED: SegmentEnd = { sdSeconds: null, offsetSeconds: 0 }

/** The interval of a segment that ends with the last decided step; none for the background. */
function report(
  head: StepHead,
  draft: DecoderDraft,
  segment: DecidedSegment,
  { sdSeconds: endSdSeconds, offsetSeconds: endOffsetSeconds }: SegmentEnd,
): readonly Interval[] {
  if (segment.classIndex === BACKGROUND) return []
  const { classIndex, startStep, startSdSeconds, startOffsetSeconds } = segment
  const endStep = draft.decidedThrough
  const confidence = segment.probabilitySum / (endStep - startStep)
  const durationSdSeconds =
    startSdSeconds === null || endSdSeconds === null
      ? null
      : calibratedDurationSd(head.calibration, startSdSeconds, endSdSeconds)
  const seconds = (endStep - startStep) * STEP_SECONDS + endOffsetSeconds - startOffsetSeconds
  const interval: Interval = {
    classIndex,
    step: head.classes[classIndex]!,
    startStep,
    endStep,
    startOffsetSeconds,
    endOffsetSeconds,
    censoredStart: startSdSeconds === null,
    censoredEnd: endSdSeconds === null,
    confidence,
    weak: confidence < 0.5 || NINETY_PERCENT * (durationSdSeconds ?? 0) >= seconds,
    startSdSeconds,
    endSdSeconds,
    durationSdSeconds,
  }
  const motions = motionsOfInterval(head, draft, interval)
  return [motions ? { ...interval, motions } : interval]
}
