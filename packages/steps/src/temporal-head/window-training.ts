import { div, logSoftmax, mul, neg, sum, type TensorType, type TensorValue } from '@takt/graph'
import {
  adamW,
  initialLeaf,
  type Leaf,
  leafOf,
  type Named,
  namedLeaves,
  namesBelow,
  PARAMETERS,
  random,
  stateOf,
  trainingGraph,
  xavierUniform,
  zeros,
} from '@takt/nn'
import { emitModel, type NamedTensors } from '@takt/onnx'
import type { Affine } from '../affine.ts'
import type { TrainingRun } from './head-training.ts'
import { type CallPlan, trainingCalls } from './training-calls.ts'
import { BATCH_ROWS, type WindowAugmentation, type WindowSource, windowBatch } from './window-batch.ts'
import { windowLogits } from './window-logits.ts'
import { networkOf, networkShapes, type WindowNetwork, type WindowSizes } from './window-network.ts'

/** The labelled time is little, so no copy of it is shown twice. */
const AUGMENTATION: WindowAugmentation = {
  warp: { overall: 0.15, local: 0.3, knotSteps: 8 },
  channelShift: 0.4,
  noise: 0.4,
  endsEarly: 0.2,
}

const BATCH = 64
const PLAN: CallPlan = { calls: 16, stepsPerCall: 25, peakRate: 2e-3, warmupSteps: 40, decay: 0.01 }
const CLIP_NORM = 1

export type WindowTraining = {
  /** The run of a seed on some examples, which draws its first weights and its copies. */
  readonly run: (source: WindowSource, seed: number) => TrainingRun
  /** A network in a state. */
  readonly networkOf: (state: NamedTensors) => WindowNetwork
}

/**
 * How networks of such sizes learn to score the middle of windows: cross-entropy in which classes weigh as
 * `classWeights` says. Pure: a seed gives the same bytes again.
 */
export function windowTraining(sizes: WindowSizes, augmentation: WindowAugmentation = AUGMENTATION): WindowTraining {
  const optimiser = adamW()
  const shapes = {
    x: [BATCH, BATCH_ROWS, sizes.inputs],
    mask: [BATCH, BATCH_ROWS, 1],
    targets: [BATCH, sizes.classes],
  }
  const typed = (shape: readonly number[]): TensorType => ({ dtype: 'float32', shape })
  const graph = trainingGraph({
    stepsPerCall: PLAN.stepsPerCall,
    parameters: namedLeaves<TensorType>(
      leaf => declared(leaf, sizes),
      ({ shape }) => typed(shape),
    ),
    batch: { x: typed(shapes.x), mask: typed(shapes.mask), targets: typed(shapes.targets) },
    optimiser,
    clipNorm: CLIP_NORM,
    loss: (weights, { x, mask, targets }) => {
      const logProbabilities = logSoftmax(windowLogits(declared(leafOf(weights), sizes), x, mask), 1)
      return neg(div(sum(mul(targets, logProbabilities), [0, 1]), sum(targets, [0, 1])))
    },
  })
  const model = emitModel(graph, {})

  const callsOf = (source: WindowSource, seed: number): Iterable<NamedTensors> => {
    const draw = random(seed, 'altered windows')
    return trainingCalls(PLAN, shapes, () => windowBatch(source, { batch: BATCH, augmentation }, draw))
  }

  return {
    run: (source, seed) => ({
      model,
      initial: stateOf<TensorValue>(
        namedLeaves<TensorValue>(leaf => declared(leaf, sizes), initialLeaf(seed)),
        optimiser,
      ),
      calls: callsOf(source, seed),
    }),
    networkOf: state => declared(floatsOf(namesBelow(PARAMETERS, state)), sizes),
  }
}

/** The maps of a network, each a tensor of weights and one of biases. */
function declared<T>(leaf: Leaf<T>, sizes: WindowSizes): WindowNetwork<{ readonly weights: T; readonly biases: T }> {
  const shapes = networkShapes(sizes)
  return networkOf(path => {
    const [outputs, inputs] = shapes[path]!
    return {
      weights: leaf({ name: `${path}.weights`, shape: [outputs, inputs], initialiser: xavierUniform }),
      biases: leaf({ name: `${path}.biases`, shape: [outputs], initialiser: zeros }),
    }
  })
}

const floatsOf = (values: Named<TensorValue>): Leaf<Affine['weights']> => {
  const leaf = leafOf(values)
  return declaration => leaf(declaration).data as Float32Array
}
