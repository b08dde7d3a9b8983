import { input, loop, type Tensor, type TensorType, type TensorValue, traceGraph } from '@takt/graph'
import { globalNorm, mapNamed, type Named, namedGradients, namesBelow, type Optimiser, prefixNames } from '@takt/nn'
import { emitModel } from '@takt/onnx'

/** How a state is made up: what is learnt, and the optimiser's moments. */
export const PARAMETERS = 'parameters.'
const OPTIMISER = 'optimiser.'

/** What every step takes besides clips, scalars: learning rate, weight decay, and its number, counted from 1. */
const schedules = ['rate', 'decay', 'step'] as const

export type ScheduleName = (typeof schedules)[number]

export interface TrainingStep<Batch extends string> {
  readonly stepsPerCall: number
  /** What is learnt. */
  readonly parameters: Named<TensorType>
  /** Clips and masks of one step, by the names under which `loss` is given them. */
  readonly batch: Readonly<Record<Batch, TensorType>>
  readonly optimiser: Optimiser
  readonly loss: (parameters: Named<Tensor>, batch: Readonly<Record<Batch, Tensor>>) => Tensor
}

/** The state before the first step, of first weights or of their types alone. */
export function stateOf<T extends TensorType>(parameters: Named<T>, optimiser: Optimiser): Named<T | TensorValue> {
  return { ...prefixNames(PARAMETERS, parameters), ...prefixNames(OPTIMISER, optimiser.initialState(parameters)) }
}

/**
 * Steps of training as one serialised model: state `x` → `next.x`; batches and schedules are stacks [stepsPerCall, …];
 * `loss` and `gradientNorm` [stepsPerCall] are collected. A `Loop` makes the steps, so that a device keeps the state.
 */
export function trainingModel<Batch extends string>({
  stepsPerCall,
  parameters,
  batch,
  optimiser,
  loss,
}: TrainingStep<Batch>): Uint8Array<ArrayBuffer> {
  const stack = ({ dtype, shape }: TensorType, name: string) => input(name, { dtype, shape: [stepsPerCall, ...shape] })
  const scalars = Object.fromEntries(schedules.map(name => [name, { dtype: 'float32', shape: [] } as const]))
  const { last, collected } = loop({
    trips: stepsPerCall,
    initial: mapNamed(stateOf(parameters, optimiser), (type, name) => input(name, type)),
    each: { ...mapNamed(batch, stack), ...mapNamed(scalars, stack) },
    fixed: {},
    step: (state, { rate, decay, step, ...batch }) => {
      const parameters = namesBelow(PARAMETERS, state)
      const value = loss(parameters, batch as Readonly<Record<Batch, Tensor>>)
      const gradients = namedGradients(value, parameters)
      const moments = namesBelow(OPTIMISER, state)
      const schedule = { rate: rate!, decay: decay!, step: step! }
      const next = optimiser.step({ parameters, gradients, state: moments, ...schedule })
      return {
        next: { ...prefixNames(PARAMETERS, next.parameters), ...prefixNames(OPTIMISER, next.state) },
        collected: { loss: value, gradientNorm: globalNorm(gradients) },
      }
    },
  })
  return emitModel(traceGraph({ ...prefixNames('next.', last), ...collected }), {})
}
