import { add, input, mul, parameter, scalarOf, softmax, type Tensor, type TensorType, traceGraph } from '@takt/graph'
import {
  adamW,
  confidenceLoss,
  dropoutFrom,
  dropoutTableShape,
  mapNamed,
  msTcnLoss,
  type Named,
  prefixNames,
  trainingGraph,
} from '@takt/nn'
import { emitModel, type NamedTensors } from '@takt/onnx'
import type { HeadNetwork, NetworkSizes } from './head-networks.ts'

export const optimiser = adamW()

/** Gradients are not clipped, as in the papers; a limit this far only keeps the norm in what a step gives. */
const CLIP_NORM = 1e9

/** Of the confidence loss beside the others: Li, Farha & Gall, 2021, β. */
const CONFIDENCE = 0.075

export type SequenceModel = { readonly network: HeadNetwork; readonly sizes: NetworkSizes }

export type TrainingModel = SequenceModel & {
  /** λ of the smoothing loss. */
  readonly smoothing: number
  /** `stamped` where some sequences have time stamps: the confidence loss takes a trend. */
  readonly labels: 'full' | 'stamped'
}

/** Types of what a sequence brings to a model of a length. */
export function sequenceTypes({ network, sizes }: SequenceModel, length: number) {
  const float = (...shape: number[]): TensorType => ({ dtype: 'float32', shape })
  const { channels, classes } = sizes
  return {
    features: { rows: float(length, channels), gain: float(channels), offset: float(channels) },
    mask: float(1, 1, length),
    targets: float(1, classes, length),
    trend: float(1, classes, length),
    drops: network.dropout && {
      dtype: 'uint8' as const,
      shape: dropoutTableShape({ ...network.dropout, times: length }),
    },
  }
}

/** One step of training on one sequence of up to `length` time steps; state `x` → `next.x`. */
export function trainingModel(model: TrainingModel, length: number): Uint8Array<ArrayBuffer> {
  const { network, smoothing, labels } = model
  const { features, mask, targets, trend, drops } = sequenceTypes(model, length)
  const graph = trainingGraph<string>({
    stepsPerCall: 1,
    parameters: network.types,
    batch: { ...features, mask, targets, ...(labels === 'stamped' && { trend }), ...(drops && { drops }) },
    optimiser,
    clipNorm: CLIP_NORM,
    loss: (weights, fed) => {
      const times = { mask: fed.mask!, ...(drops && { drop: dropoutFrom(fed.drops!) }) }
      const stages = network.stages(weights, rowsOf(fed), times)
      const loss = msTcnLoss(stages, { targets: fed.targets!, mask: fed.mask! }, { smoothing })
      if (!fed.trend) return loss
      return add(loss, mul(confidenceLoss(stages, fed.trend), scalarOf(loss, CONFIDENCE)))
    },
  })
  return emitModel(graph, {})
}

/** Mean P(class) over networks of one kind, `probabilities` [1, classes, length], of a sequence of up to `length` steps. */
export function scoringModel(
  model: SequenceModel,
  length: number,
  networks: readonly NamedTensors[],
): Uint8Array<ArrayBuffer> {
  const { features, mask } = sequenceTypes(model, length)
  const fed = mapNamed({ ...features, mask }, (type, name) => input(name, type))
  const each = networks.map((_, index) => {
    const weights = mapNamed(model.network.types, (type, name) => parameter(`network${index}.${name}`, type))
    return softmax(model.network.stages(weights, rowsOf(fed), { mask: fed.mask! }).at(-1)!, 1)
  })
  const sum = each.reduce(add)
  const weights = networks.map((network, index) => prefixNames(`network${index}.`, network))
  return emitModel(
    traceGraph({ probabilities: mul(sum, scalarOf(sum, 1 / networks.length)) }),
    Object.assign({}, ...weights),
  )
}

const rowsOf = ({ rows, gain, offset }: Named<Tensor>) => ({ rows: rows!, gain: gain!, offset: offset! })
