import { adamW, decayLayers, type EncoderSpec, type Optimiser, type Schedule, warmupCosine } from '@takt/nn'

/** Share of the steps in which the classifier learns alone, so that what it does not know yet moves no block. */
const ALONE = 0.2

/** Of each of the two, the share of its steps over which its rate rises. */
const WARMUP = 0.1

const PEAKS = { encoder: 2e-4, classifier: 1e-3 } as const

/** Rate of a block over that of the one above it: He et al., 2022, table 9, of MAE's fine-tuning. */
const LAYER_DECAY = 0.75

const WEIGHT_DECAY = 0.05

/** AdamW, slower from layer to layer downwards. */
export function fineTuneOptimiser({ depth }: EncoderSpec, root: string): Optimiser {
  return adamW({ grouping: decayLayers({ depth, factor: LAYER_DECAY, root }) })
}

/** The steps of `steps` in which the encoder stays as it is. */
export const stepsAlone = (steps: number): number => Math.round(ALONE * steps)

/** What `objectiveGraph` is fed: `rate` is the encoder's, `steadyRate` the classifier's. */
export function fineTuneSchedules(steps: number) {
  const alone = stepsAlone(steps)
  const rising = (peak: number, over: number) =>
    warmupCosine({ peak, warmupSteps: Math.round(WARMUP * over), steps: over })
  const encoder = rising(PEAKS.encoder, steps - alone)
  return {
    rate: step => (step <= alone ? 0 : encoder(step - alone)),
    steadyRate: rising(PEAKS.classifier, steps),
    decay: () => WEIGHT_DECAY,
    step: step => step,
  } satisfies Readonly<Record<string, Schedule>>
}
