import {
  type Graph,
  input,
  loop,
  optimiseTraining,
  type Tensor,
  type TensorType,
  type TensorValue,
  traceGraph,
} from '@takt/graph'
import { mapNamed, type Named, namesBelow, prefixNames } from './named.ts'
import { clipByGlobalNorm } from './optimisers/clip-by-global-norm.ts'
import { namedGradients } from './optimisers/named-gradients.ts'
import type { Optimiser } from './optimisers/optimiser.ts'

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
  /** Longest that all gradients together may be; longer ones are scaled down to it. */
  readonly clipNorm: number
  readonly loss: (parameters: Named<Tensor>, batch: Readonly<Record<Batch, Tensor>>) => Tensor
}

/** The state before the first step, of first weights or of their types alone. */
export function stateOf<T extends TensorType>(parameters: Named<T>, optimiser: Optimiser): Named<T | TensorValue> {
  return { ...prefixNames(PARAMETERS, parameters), ...prefixNames(OPTIMISER, optimiser.initialState(parameters)) }
}

/**
 * Steps of training as one graph: state `x` → `next.x`; batches and schedules are stacks [stepsPerCall, …];
 * `loss` and `gradientNorm` [stepsPerCall] are collected. A `Loop` makes the steps, so that a device keeps the state.
 */
export function trainingGraph<Batch extends string>({
  stepsPerCall,
  parameters,
  batch,
  optimiser,
  clipNorm,
  loss,
}: TrainingStep<Batch>): Graph {
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
      const { gradients, norm } = clipByGlobalNorm(namedGradients(value, parameters), clipNorm)
      const moments = namesBelow(OPTIMISER, state)
      const schedule = { rate: rate!, decay: decay!, step: step! }
      const next = optimiser.step({ parameters, gradients, state: moments, ...schedule })
      return {
        next: { ...prefixNames(PARAMETERS, next.parameters), ...prefixNames(OPTIMISER, next.state) },
        collected: { loss: value, gradientNorm: norm },
      }
    },
  })
  return optimiseTraining(traceGraph({ ...prefixNames('next.', last), ...collected }))
}
