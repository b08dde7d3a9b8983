import {
  add,
  elementCount,
  mul,
  reshape,
  type Shape,
  stopGradient,
  sub,
  type Tensor,
  type TensorValue,
  tensorValue,
} from '@takt/graph'
import { type DinoHead, declareDinoHead, dinoHead, type Leaf, teacherTemperature } from '@takt/nn'
import { scheduled } from './draws.ts'

/** A head of three layers and K prototypes, and how sharp its distributions are. */
export interface DistillationHead {
  readonly hidden: number
  readonly bottleneck: number
  /** K */
  readonly prototypes: number
  /** τ_s */
  readonly studentTemperature: number
  /** τ_t at the first step and after `temperatureShare` of the steps, in a line between. */
  readonly teacherTemperature: readonly [first: number, last: number]
  readonly temperatureShare: number
  /** Share of the steps in which prototypes keep their first values. */
  readonly frozenShare: number
}

/** τ_t, and whether prototypes learn yet, by the step. */
export function headSchedules(preset: DistillationHead, steps: number) {
  const [from, to] = preset.teacherTemperature
  return scheduled({
    teacherTemperature: teacherTemperature({ from, to, warmupSteps: preset.temperatureShare * steps }),
    unfrozen: step => (step > preset.frozenShare * steps ? 1 : 0),
  })
}

export function declareHead<T>(leaf: Leaf<T>, inputs: number, { hidden, bottleneck, prototypes }: DistillationHead) {
  return declareDinoHead(leaf, { inputs, hidden, bottleneck, prototypes })
}

/** Logits of features […, dim]: […, K]. Where `unfrozen` is 0 no gradient reaches the prototypes. */
export function headLogits({ prototypes, mlp }: DinoHead<Tensor>, features: Tensor, unfrozen: Tensor): Tensor {
  const { weight } = prototypes
  const still = stopGradient(weight)
  const held = { mlp, prototypes: { weight: add(still, mul(sub(weight, still), unfrozen)) } }
  const [leading, dim] = [features.shape.slice(0, -1), features.shape.at(-1)!]
  const rows = elementCount(leading)
  return reshape(dinoHead(held, reshape(features, [rows, dim])), [...leading, weight.shape[0]!])
}

/** First values of a centre. */
export function zeros(shape: Shape): TensorValue {
  return tensorValue({ dtype: 'float32', shape }, new Float32Array(elementCount(shape)))
}
