import { checkFeatures } from './check-features.ts'
import { StepsError } from './errors.ts'
import type { FeaturesByView } from './look-ahead.ts'
import { kindOf, type ViewScorer } from './scorer-kinds.ts'
import { featuresOf, type ObservedStep } from './time-step.ts'

/**
 * The features of an observed step in the order of the head's views. Throws `view_missing`, `view_unknown`,
 * `dimension_mismatch`, `non_finite_features`.
 */
export function observedFeatures(views: readonly ViewScorer[], observed: ObservedStep, step: number): FeaturesByView {
  const present = Object.keys(observed.views)
  if (present.length === 0) throw new StepsError('view_missing', { step })
  const unknown = present.find(viewId => !views.some(view => view.viewId === viewId))
  if (unknown !== undefined) throw new StepsError('view_unknown', { viewId: unknown, step })
  return views.map(scorer => {
    const { viewId } = scorer
    const x = featuresOf(observed, viewId)
    if (x !== undefined) checkFeatures(x, { viewId, dim: kindOf(scorer).dim(scorer), step })
    return x
  })
}
