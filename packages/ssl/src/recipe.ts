import { cosine, type EncoderSpec, type Optimiser, type Schedule, warmupCosine } from '@takt/nn'

/** How a method's weights are moved. */
export interface Recipe {
  readonly optimiser: (spec: EncoderSpec) => Optimiser
  /** Learning rate after the warm-up, by the clips a step. */
  readonly peakRate: (batch: number) => number
  /** Share of the steps over which the rate rises. */
  readonly warmupShare: number
  /** Weight decay at the first step and at the last, half a cosine between. */
  readonly decay: readonly [first: number, last: number]
  /** Longest that all gradients together may be; infinity never clips. */
  readonly clipNorm: number
}

interface Run {
  readonly batch: number
  readonly steps: number
}

/** Rate and decay by the step: a linear warm-up and half a cosine to 0; half a cosine. */
export function recipeSchedules({ peakRate, warmupShare, decay: [from, to] }: Recipe, { batch, steps }: Run) {
  return {
    rate: warmupCosine({ peak: peakRate(batch), warmupSteps: Math.round(warmupShare * steps), steps }),
    decay: cosine({ from, to, steps }),
  } satisfies Readonly<Record<string, Schedule>>
}
