import type { LossPoint } from '@takt/db'
import type { AdaptationId } from '@takt/domain'
import type { FedProgress } from '@takt/runtime'
import { collapseOf, type FeatureMetrics, featureMetrics } from '@takt/ssl'
import { workerError } from '../errors.ts'

/** A look takes about a tenth of a second, a call of training at least twice as long. */
const lookEveryCalls = 10

export interface FeatureWatch {
  /** What a call's features show, where it is one that is looked at: the first, and every tenth after it. */
  readonly look: (made: Pick<FedProgress, 'step' | 'losses'>) => FeatureMetrics | undefined
  /** Throws `encoder-collapsed` once the looks say so. */
  readonly requireDistinct: () => void
}

/** Watches an encoder while it is trained, going on from the looks that a series has. */
export function watchFeatures(
  adaptation: AdaptationId,
  { stepsPerCall, series }: { readonly stepsPerCall: number; readonly series: readonly LossPoint[] },
): FeatureWatch {
  const looks: FeatureMetrics[] = series.flatMap(({ features }) => features ?? [])
  let [step, collapse]: [number, string | null] = [0, null]
  return {
    look: made => {
      if ((made.step / stepsPerCall - 1) % lookEveryCalls !== 0) return undefined
      const { shape, data } = made.losses.features!
      const found = featureMetrics({ shape, data: data as Float32Array })
      looks.push(found)
      step = made.step
      collapse = collapseOf(looks)
      return found
    },
    requireDistinct: () => {
      if (collapse !== null) throw workerError('encoder-collapsed', { adaptation, step, lost: collapse })
    },
  }
}
