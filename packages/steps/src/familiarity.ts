import type { ViewScorer } from './scorer-kinds.ts'
import type { StepHead } from './step-head.ts'
import { featuresOf, type ObservedStep, type TimeStep } from './time-step.ts'

/** So many times the farthest distance seen in training lie another scene and a blank picture, and hardly work. */
const FAR = 3

/**
 * Mean square distance of one view's features x from what a scorer learnt from, in its deviations:
 *   d = Σ ((x − μ₀) / σ₀)² / dim;
 * null of a scorer that keeps no moments of features.
 */
function distanceOf(scorer: ViewScorer, features: Float32Array): number | null {
  if (scorer.kind !== 'linear') return null
  const { priorMean, priorDeviation } = scorer.normaliser
  let sum = 0
  for (let j = 0; j < features.length; j++) sum += ((features[j]! - priorMean[j]!) / priorDeviation[j]!) ** 2
  return sum / features.length
}

/** The farthest that training video lies from its own mean, by scorer, in the head's order; 0 where that is not known. */
export function farthestDistances(
  views: readonly ViewScorer[],
  sequences: readonly { readonly steps: readonly TimeStep[] }[],
): readonly number[] {
  const steps = sequences.flatMap(sequence => sequence.steps)
  return views.map(scorer => {
    return steps.reduce((farthest, step) => {
      const features = featuresOf(step, scorer.viewId)
      return features === undefined ? farthest : Math.max(farthest, distanceOf(scorer, features) ?? 0)
    }, 0)
  })
}

/**
 * Whether what is seen resembles what the head learnt from. Running normalisation may follow a change of light that is
 * not; but nobody has measured how well, so no ± is vouched for. A head that knows no distances finds all familiar.
 */
export function isFamiliar({ views, farthest }: Pick<StepHead, 'views' | 'farthest'>, step: ObservedStep): boolean {
  return views.every((scorer, index) => {
    const features = featuresOf(step, scorer.viewId)
    const limit = FAR * (farthest?.[index] ?? 0)
    return features === undefined || limit === 0 || (distanceOf(scorer, features) ?? 0) <= limit
  })
}
