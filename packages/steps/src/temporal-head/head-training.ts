import type { TensorValue } from '@takt/graph'
import { adamW, msTcnLoss, namesBelow, PARAMETERS, random, stateOf, trainingGraph } from '@takt/nn'
import { emitModel, type NamedTensors } from '@takt/onnx'
import { rowCount } from './feature-rows.ts'
import {
  initialWeights,
  type NetworkSizes,
  type NetworkWeights,
  networkLogits,
  networkTypes,
} from './temporal-network.ts'
import { type CallPlan, trainingCalls } from './training-calls.ts'
import { type Augmentation, type TrainingStretch, trainingBatch } from './training-windows.ts'

/** The labelled time is little, so no copy of it is shown twice. */
const AUGMENTATION: Augmentation = {
  warp: { overall: 0.15, local: 0.3, knotSteps: 8 },
  channelShift: 0.8,
  noise: 0.8,
}

const BATCH = 4
const PLAN: CallPlan = { calls: 10, stepsPerCall: 15, peakRate: 2e-3, warmupSteps: 20, decay: 0.01 }
const CLIP_NORM = 1

/** A window holds the longest stretch a quarter slower, and no more than two minutes. */
const WINDOW = { slower: 1.25, mostSteps: 480 } as const

/** A run of training steps: a model that takes state `x` and gives `next.x`, its first state, and what each call is fed. */
export type TrainingRun = {
  readonly model: Uint8Array<ArrayBuffer>
  readonly initial: NamedTensors
  readonly calls: Iterable<NamedTensors>
}

export type HeadTraining = {
  /** The run of a seed, which draws its first weights and its copies. */
  readonly run: (seed: number) => TrainingRun
  /** A network in a state. */
  readonly weightsOf: (state: NamedTensors) => NetworkWeights
}

/** How a network of such sizes learns from stretches. Pure: a seed gives the same bytes again. */
export function headTraining(
  stretches: readonly TrainingStretch[],
  sizes: NetworkSizes,
  augmentation: Augmentation = AUGMENTATION,
): HeadTraining {
  const longest = Math.max(...stretches.map(({ features }) => rowCount(features)))
  const times = Math.min(WINDOW.mostSteps, Math.ceil(WINDOW.slower * longest))
  const optimiser = adamW()
  const shapes = {
    x: [BATCH, sizes.inputs, times],
    targets: [BATCH, sizes.classes, times],
    mask: [BATCH, 1, times],
  }
  const graph = trainingGraph({
    stepsPerCall: PLAN.stepsPerCall,
    parameters: networkTypes(sizes),
    batch: {
      x: { dtype: 'float32', shape: shapes.x },
      targets: { dtype: 'float32', shape: shapes.targets },
      mask: { dtype: 'float32', shape: shapes.mask },
    },
    optimiser,
    clipNorm: CLIP_NORM,
    loss: (weights, { x, targets, mask }) => msTcnLoss([networkLogits(sizes, weights, { x, mask })], { targets, mask }),
  })
  const model = emitModel(graph, {})

  const callsOf = (seed: number): Iterable<NamedTensors> => {
    const draw = random(seed, 'altered copies')
    return trainingCalls(PLAN, shapes, () => trainingBatch(stretches, { batch: BATCH, times, augmentation }, draw))
  }

  return {
    run: seed => ({
      model,
      initial: stateOf<TensorValue>(initialWeights(sizes, seed), optimiser),
      calls: callsOf(seed),
    }),
    weightsOf: state => namesBelow(PARAMETERS, state) as NetworkWeights,
  }
}
