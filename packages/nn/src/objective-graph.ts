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
import { ema } from './optimisers/ema.ts'
import { namedGradients } from './optimisers/named-gradients.ts'
import type { Optimiser, OptimiserInputs, OptimiserOutputs } from './optimisers/optimiser.ts'

/** How a state is made up: what is learnt, the optimiser's moments, a teacher's weights, what an objective remembers. */
export const PARAMETERS = 'parameters.'
const OPTIMISER = 'optimiser.'
export const TEACHER = 'teacher.'
const MEMORY = 'memory.'

/** What every step takes besides its batch, scalars: learning rate, weight decay, and its number, counted from 1. */
const schedules = ['rate', 'decay', 'step'] as const

export type ScheduleName = (typeof schedules)[number]

/** What goes from step to step besides what the optimiser knows of. */
export interface Carried<T> {
  /** Weights that follow the learnt ones of the same names. */
  readonly teacher: Named<T>
  readonly memory: Named<T>
}

export interface Objective {
  readonly loss: Tensor
  /** The memory's next values. */
  readonly memory: Named<Tensor>
  /** Whatever else a step shows of itself. */
  readonly collected: Named<Tensor>
}

export interface ObjectiveStep<Batch extends string> extends Carried<TensorType> {
  readonly stepsPerCall: number
  /** What is learnt. */
  readonly parameters: Named<TensorType>
  /** Clips, masks and scalars of one step, by the names under which `objective` is given them. */
  readonly batch: Readonly<Record<Batch, TensorType>>
  readonly optimiser: Optimiser
  /** Longest that all gradients together may be; longer ones are scaled down to it. */
  readonly clipNorm: number
  /** Which parameters learn at `steadyRate` instead of `rate`; where there are any, that is fed too. */
  readonly steady: (name: string) => boolean
  readonly objective: (
    parameters: Named<Tensor>,
    batch: Readonly<Record<Batch, Tensor>>,
    carried: Carried<Tensor>,
  ) => Objective
}

/** The state before the first step, of first weights or of their types alone. */
export function stateOf<T extends TensorType>(
  parameters: Named<T>,
  optimiser: Optimiser,
  { teacher, memory }: Carried<T> = { teacher: {}, memory: {} },
): Named<T | TensorValue> {
  return {
    ...prefixNames(PARAMETERS, parameters),
    ...prefixNames(OPTIMISER, optimiser.initialState(parameters)),
    ...prefixNames(TEACHER, teacher),
    ...prefixNames(MEMORY, memory),
  }
}

/**
 * Steps of training as one graph: state `x` → `next.x`; batches and schedules are stacks [stepsPerCall, …];
 * `loss`, `gradientNorm` and what the objective collects, [stepsPerCall, …], come out. A teacher follows what the step
 * has learnt by `momentum`, which is then fed too. A `Loop` makes the steps, so that a device keeps the state.
 */
export function objectiveGraph<Batch extends string>(options: ObjectiveStep<Batch>): Graph {
  const { stepsPerCall, parameters, teacher, memory, batch, optimiser, clipNorm, steady, objective } = options
  const stack = ({ dtype, shape }: TensorType, name: string) => input(name, { dtype, shape: [stepsPerCall, ...shape] })
  const scalars = [
    ...schedules,
    ...(Object.keys(teacher).length > 0 ? ['momentum'] : []),
    ...(Object.keys(parameters).some(steady) ? ['steadyRate'] : []),
  ].map(name => [name, { dtype: 'float32', shape: [] } as const] as const)

  const { last, collected } = loop({
    trips: stepsPerCall,
    initial: mapNamed(stateOf(parameters, optimiser, { teacher, memory }), (type, name) => input(name, type)),
    each: { ...mapNamed(batch, stack), ...mapNamed(Object.fromEntries(scalars), stack) },
    fixed: {},
    step: (state, { rate, decay, step, momentum, steadyRate, ...batch }) => {
      const learnt = namesBelow(PARAMETERS, state)
      const carried = { teacher: namesBelow(TEACHER, state), memory: namesBelow(MEMORY, state) }
      const outcome = objective(learnt, batch as Readonly<Record<Batch, Tensor>>, carried)
      const { gradients, norm } = clipByGlobalNorm(namedGradients(outcome.loss, learnt), clipNorm)
      const moments = namesBelow(OPTIMISER, state)
      const inputs = { parameters: learnt, gradients, state: moments, rate: rate!, decay: decay!, step: step! }
      const next = steadyRate ? stepAtTwoRates(optimiser, inputs, { steady, steadyRate }) : optimiser.step(inputs)
      const followed = momentum ? follow(carried.teacher, next.parameters, momentum) : {}
      return {
        next: {
          ...prefixNames(PARAMETERS, next.parameters),
          ...prefixNames(OPTIMISER, next.state),
          ...prefixNames(TEACHER, followed),
          ...prefixNames(MEMORY, outcome.memory),
        },
        collected: { loss: outcome.loss, gradientNorm: norm, ...outcome.collected },
      }
    },
  })
  return optimiseTraining(traceGraph({ ...prefixNames('next.', last), ...collected }))
}

/** A teacher a step on, of those weights that it has. */
function follow(teacher: Named<Tensor>, learnt: Named<Tensor>, momentum: Tensor): Named<Tensor> {
  const student = mapNamed(teacher, (_, name) => learnt[name]!)
  return ema({ teacher, student, momentum })
}

interface TwoRates {
  readonly steady: (name: string) => boolean
  readonly steadyRate: Tensor
}

function stepAtTwoRates(optimiser: Optimiser, inputs: OptimiserInputs, { steady, steadyRate }: TwoRates) {
  const part = (chosen: (name: string) => boolean, rate: Tensor): OptimiserOutputs => {
    const pick = (named: Named<Tensor>) => Object.fromEntries(Object.entries(named).filter(([name]) => chosen(name)))
    const { parameters, gradients, state } = inputs
    const ofChosen = Object.keys(optimiser.initialState(pick(parameters)))
    const moments = Object.fromEntries(ofChosen.map(name => [name, state[name]!]))
    return optimiser.step({ ...inputs, parameters: pick(parameters), gradients: pick(gradients), state: moments, rate })
  }
  const [steadily, others] = [part(steady, steadyRate), part(name => !steady(name), inputs.rate)]
  const inOrder = <T>(like: Named<T>, all: Named<T>) => mapNamed(like, (_, name) => all[name]!)
  return {
    parameters: inOrder(inputs.parameters, { ...steadily.parameters, ...others.parameters }),
    state: inOrder(inputs.state, { ...steadily.state, ...others.state }),
  }
}
