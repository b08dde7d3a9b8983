import type { Graph, Tensor } from '@takt/graph'
import type { Named } from './named.ts'
import { type ObjectiveStep, objectiveGraph } from './objective-graph.ts'

export interface TrainingStep<Batch extends string>
  extends Omit<ObjectiveStep<Batch>, 'objective' | 'teacher' | 'memory' | 'steady'> {
  readonly loss: (parameters: Named<Tensor>, batch: Readonly<Record<Batch, Tensor>>) => Tensor
}

/** `objectiveGraph` of a loss that needs nothing but what is learnt and what is fed. */
export function trainingGraph<Batch extends string>({ loss, ...step }: TrainingStep<Batch>): Graph {
  const objective: ObjectiveStep<Batch>['objective'] = (parameters, batch) => ({
    loss: loss(parameters, batch),
    memory: {},
    collected: {},
  })
  return objectiveGraph({ ...step, teacher: {}, memory: {}, steady: () => false, objective })
}
