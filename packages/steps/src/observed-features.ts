import { StepsError } from './errors.ts'
import type { FeaturesByView } from './look-ahead.ts'
import type { ViewScorer } from './step-head.ts'
import type { ObservedStep } from './time-step.ts'

/**
 * The features of an observed step in the order of the head's views. Throws `view_missing`, `view_unknown`,
 * `dimension_mismatch`, `non_finite_features`.
 */
export function observedFeatures(views: readonly ViewScorer[], observed: ObservedStep, step: number): FeaturesByView {
  const present = Object.keys(observed.views)
  if (present.length === 0) throw new StepsError('view_missing', { step })
  const unknown = present.find(viewId => !views.some(view => view.viewId === viewId))
  if (unknown !== undefined) throw new StepsError('view_unknown', { viewId: unknown, step })
  return views.map(({ viewId, normaliser }) => {
    if (!Object.hasOwn(observed.views, viewId)) return undefined
    const x = observed.views[viewId]!
    const dim = normaliser.priorMean.length
    if (x.length !== dim) throw new StepsError('dimension_mismatch', { viewId, step, expected: dim, got: x.length })
    for (let index = 0; index < dim; index++) {
      const value = x[index]!
      if (!Number.isFinite(value)) throw new StepsError('non_finite_features', { viewId, step, index, value })
    }
    return x
  })
}
