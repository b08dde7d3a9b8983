import { type BorderCalibration, isUncalibrated, UNCALIBRATED } from './border-calibration.ts'
import { type DurationLaw, freshLaw, residualLaw } from './duration-law.ts'
import type { Durations } from './durations.ts'
import { bytesOf, fingerprint } from './fingerprint.ts'
import type { Normaliser } from './normalise.ts'
import type { Transitions } from './transitions.ts'

/** Index of the class between steps; its intervals are not reported. */
export const BACKGROUND = 0

/** Scores one view: softmax((W z + b) / temperature) over the classes. */
export type ViewScorer = {
  readonly viewId: string
  readonly normaliser: Normaliser
  /** `[class, dim]`. */
  readonly weights: Float32Array
  /** `[class]`. */
  readonly biases: Float32Array
  readonly temperature: number
}

/** What is learnt; everything else in a head follows from it. */
export type HeadParts = {
  /** Names by class index; index 0 is the background. */
  readonly classes: readonly string[]
  readonly views: readonly ViewScorer[]
  readonly durations: Durations
  readonly transitions: Transitions
  /** Steps whose features the normaliser knows before it scores a step. */
  readonly lookAheadSteps: number
  /** Steps that are scored before the decoder decides a step. */
  readonly lagSteps: number
  /** Exponent of a step's evidence: neighbouring steps see nearly the same, so each counts for less than one. */
  readonly evidenceWeight: number
  /** What makes ± hold on held-out cycles; left out where none could be held out. */
  readonly calibration?: BorderCalibration | undefined
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
  const { classes, views, durations, transitions, lookAheadSteps, lagSteps, evidenceWeight } = parts
  const scalars = views.map(({ viewId, temperature, normaliser }) => {
    const { halfLifeSteps, priorWeight, varianceFloor } = normaliser
    return [viewId, temperature, halfLifeSteps, priorWeight, varianceFloor]
  })
  // A head from before there was a calibration keeps its id.
  const own = [classes, lookAheadSteps, lagSteps, evidenceWeight, scalars]
  const text = JSON.stringify(isUncalibrated(parts.calibration) ? own : [...own, parts.calibration])
  const arrays = views.flatMap(({ normaliser, weights, biases }) => {
    return [normaliser.priorMean, normaliser.priorDeviation, weights, biases]
  })
  const all = [new TextEncoder().encode(text), ...arrays, durations.hazards, transitions.next, transitions.initial]
  return fingerprint(all.map(bytesOf))
}
