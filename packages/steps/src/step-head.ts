import { type BorderCalibration, isUncalibrated, UNCALIBRATED } from './border-calibration.ts'
import { type DurationLaw, freshLaw, residualLaw } from './duration-law.ts'
import type { Durations } from './durations.ts'
import { bytesOf, fingerprint } from './fingerprint.ts'
import { motionIdentity } from './motions/motion-identity.ts'
import type { MotionModel } from './motions/motion-model.ts'
import { kindOf, type ViewScorer } from './scorer-kinds.ts'
import type { Transitions } from './transitions.ts'

/** Index of the class between steps; its intervals are not reported. */
export const BACKGROUND = 0

/** Of a head's; beyond it a single step would outweigh order and durations. */
export const MOST_EVIDENCE_WEIGHT = 4

/** What is learnt; everything else in a head follows from it. */
export type HeadParts = {
  /** Names by class index; index 0 is the background. */
  readonly classes: readonly string[]
  /** Scorers of views, whose log scores are added; a view may have one of each kind. */
  readonly views: readonly ViewScorer[]
  readonly durations: Durations
  readonly transitions: Transitions
  /** Steps that are seen after a step before it is scored. */
  readonly lookAheadSteps: number
  /** Steps that are scored before the decoder decides a step. */
  readonly lagSteps: number
  /**
   * Exponent of a step's evidence. Neighbouring steps see nearly the same, so each counts for less than one to a linear
   * scorer; what a network learns from few cycles is too timid, and counts for more.
   */
  readonly evidenceWeight: number
  /** What makes ± hold on held-out cycles; left out where none could be held out. */
  readonly calibration?: BorderCalibration | undefined
  /** How far training video lay from its mean, by view (`familiarity.ts`); it changes no path. Left out where unknown. */
  readonly farthest?: readonly number[] | undefined
  /** What tells motions inside of tasks apart; left out where none were labelled. */
  readonly motions?: MotionModel | undefined
}

/** Turns features into step intervals; `id` is a fingerprint of all that the decoding depends on. */
export type StepHead = HeadParts & {
  readonly id: string
  readonly calibration: BorderCalibration
  readonly fresh: DurationLaw
  readonly residual: DurationLaw
  /** ln of transitions, `[from, to]` and `[class]`. */
  readonly logNext: Float64Array
  readonly logInitial: Float64Array
}

export function assembleHead(parts: HeadParts): StepHead {
  const fresh = freshLaw(parts.durations)
  return {
    ...parts,
    id: headId(parts),
    calibration: parts.calibration ?? UNCALIBRATED,
    fresh,
    residual: residualLaw(fresh),
    logNext: Float64Array.from(parts.transitions.next, Math.log),
    logInitial: Float64Array.from(parts.transitions.initial, Math.log),
  }
}

function headId(parts: HeadParts): string {
  const { classes, views, durations, transitions, lookAheadSteps, lagSteps, evidenceWeight, calibration } = parts
  const motions = motionIdentity(parts.motions)
  const identities = views.map(scorer => kindOf(scorer).identity(scorer))
  const scalars = identities.map(identity => identity.scalars)
  // Heads from before there was a calibration keep their ids.
  const calibrated = isUncalibrated(calibration) ? [] : [calibration]
  const text = JSON.stringify([
    classes,
    lookAheadSteps,
    lagSteps,
    evidenceWeight,
    scalars,
    ...calibrated,
    ...motions.scalars,
  ])
  const arrays = identities.flatMap(identity => identity.arrays)
  const all = [new TextEncoder().encode(text), ...arrays, durations.hazards, transitions.next, transitions.initial]
  all.push(...motions.arrays)
  return fingerprint(all.map(bytesOf))
}
