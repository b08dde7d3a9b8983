import type { DecoderDraft } from '../decoder-state.ts'
import type { Interval, Motion } from '../interval.ts'
import type { StepHead } from '../step-head.ts'
import { decodeMotions } from './decode-motions.ts'

/** A longer task, of five minutes, is not told apart: what is kept of it has to have a bound. */
export const MOST_MOTION_STEPS = 1200

/**
 * The motions of an interval that ends with the last decided step; undefined where its task has none, where an end of
 * it was not seen or its evidence is weak, or where it is longer than `MOST_MOTION_STEPS`.
 */
export function motionsOfInterval(
  head: StepHead,
  draft: DecoderDraft,
  interval: Interval,
): readonly Motion[] | undefined {
  const { classIndex, startStep, endStep, startOffsetSeconds, endOffsetSeconds, startSdSeconds, endSdSeconds } =
    interval
  const own = ownParts(head, classIndex)
  if (own === undefined || interval.weak || startSdSeconds === null || endSdSeconds === null) return undefined
  const first = startStep - keptFrom(draft)
  if (first < 0) return undefined
  const rows = draft.motionEvidence.slice(first, endStep - keptFrom(draft))
  const evidence = rows.map(row => row.subarray(own.at, own.at + own.task.parts.length))
  const bounds = { startOffsetSeconds, endOffsetSeconds, startSdSeconds, endSdSeconds }
  return decodeMotions(own.task, { evidence, ...bounds }, head.calibration)
}

/** Drops the evidence of motions but what the open task may still ask for. */
export function forgetMotions(head: StepHead, draft: DecoderDraft): void {
  const open = draft.path.at(-1)
  const isKept =
    open !== undefined &&
    ownParts(head, open.classIndex) !== undefined &&
    draft.decidedThrough - open.startStep <= MOST_MOTION_STEPS
  const needed = isKept ? open.startStep : draft.decidedThrough
  if (needed > keptFrom(draft)) draft.motionEvidence.splice(0, needed - keptFrom(draft))
}

/** The first step whose evidence of motions is kept. */
const keptFrom = ({ ahead, motionEvidence }: DecoderDraft): number => ahead.readyThrough - motionEvidence.length

/** A task's parts, and where they begin among all. */
function ownParts({ motions }: StepHead, classIndex: number) {
  let at = 0
  for (const task of motions?.tasks ?? []) {
    if (task.classIndex === classIndex) return { task, at }
    at += task.parts.length
  }
  return undefined
}
