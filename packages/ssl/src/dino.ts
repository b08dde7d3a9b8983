import {
  add,
  div,
  logSoftmax,
  mean,
  mul,
  neg,
  reshape,
  scalarOf,
  softmax,
  stopGradient,
  sub,
  sum,
  type Tensor,
} from '@takt/graph'
import { adamW, below, type Leaf } from '@takt/nn'
import { type DistillationHead, declareHead, headLogits, headSchedules, zeros } from './distillation-head.ts'
import { groupCount, type Level } from './levels.ts'
import type { Method, Setting } from './method.ts'
import { plantDistillation } from './plant-recipe.ts'
import { featuresAt, type Network, type SelfDistillationPreset, selfDistillation } from './self-distillation.ts'
import { paperViews } from './views/paper-views.ts'
import { viewSpec } from './views/view-spec.ts'

/*
 * DINO: Caron et al., "Emerging Properties in Self-Supervised Vision Transformers", ICCV 2021. A student says of every
 * view what its own running mean, the teacher, says of another, global one: a distribution over K prototypes.
 *
 *     (1)   P_s(x) = softmax(g_s(x) / τ_s)        P_t(x) = softmax((g_t(x) − c) / τ_t)        τ_t < τ_s: sharpening
 *     (3)   L = Σ_{x global} Σ_{x′ ≠ x} H(P_t(x), P_s(x′))        H(a, b) = − a·log b; here the mean over all pairs
 *     (4)   c ← m·c + (1 − m)·mean g_t        centring
 *
 * Logits are [groups, batch, K], and each group has a centre: what all clips have at a time and place says nothing.
 */

/** P_t: sharpened, centred; temperature is a scalar. */
export function centredTargets(logits: Tensor, centre: Tensor, temperature: Tensor): Tensor {
  return stopGradient(softmax(div(sub(logits, centre), temperature)))
}

/** H(a, P_s), [groups, batch] or whatever leads the prototypes' axis. */
export function crossEntropy(targets: Tensor, logits: Tensor, temperature: number): Tensor {
  const likelihood = logSoftmax(mul(logits, scalarOf(logits, 1 / temperature)))
  return neg(sum(mul(targets, likelihood), [logits.shape.length - 1]))
}

/** (3), a scalar: targets of the global views, logits of all, the global ones first. */
export function dinoLoss(targets: readonly Tensor[], logits: readonly Tensor[], temperature: number): Tensor {
  const pairs = targets.flatMap((target, i) =>
    logits.flatMap((each, j) => (i === j ? [] : [mean(crossEntropy(target, each, temperature), [0, 1])])),
  )
  const total = pairs.reduce(add)
  return mul(total, scalarOf(total, 1 / pairs.length))
}

/** (4): the teacher's logits [groups, batch, K] of all global views; a centre is [groups, 1, K], or [1, 1, K] for all. */
export function nextCentre(centre: Tensor, logits: readonly Tensor[], momentum: number): Tensor {
  const axes = centre.shape[0] === 1 ? [0, 1] : [1]
  const total = logits.map(each => reshape(mean(each, axes), centre.shape)).reduce(add)
  return add(mul(centre, scalarOf(centre, momentum)), mul(total, scalarOf(centre, (1 - momentum) / logits.length)))
}

export interface DinoPreset extends SelfDistillationPreset, DistillationHead {
  /** Each has a head of its own; local views are compared as whole clips alone. */
  readonly levels: readonly Level[]
  /** m */
  readonly centreMomentum: number
}

export function dino(preset: DinoPreset): (setting: Setting) => Method {
  const { levels, studentTemperature, centreMomentum, prototypes } = preset
  return setting => {
    const { spec, steps } = setting
    const head = <T>(leaf: Leaf<T>, level: Level) => declareHead(below(level, leaf), spec.dim, preset)
    const centres = levels.map(level => {
      const groups = groupCount(level, viewSpec(preset.views.views[0]!, spec))
      return [`centre.${level}`, zeros([groups, 1, prototypes])] as const
    })
    return selfDistillation(
      {
        name: 'dino',
        preset,
        memory: Object.fromEntries(centres),
        declareHeads: leaf => levels.map(level => head(leaf, level)),
        draws: headSchedules(preset, steps),
        loss: ({ student, teacher }, { teacherTemperature, unfrozen }, memory) => {
          const outcomes = levels.map(level => {
            const logits = ({ seen, heads }: Network, count: number) =>
              seen.slice(0, count).map(view => headLogits(head(heads, level), featuresAt(level, view), unfrozen!))
            const [said, centre] = [logits(teacher, 2), memory[`centre.${level}`]!]
            const targets = said.map(each => centredTargets(each, centre, teacherTemperature!))
            const compared = logits(student, level === 'clip' ? student.seen.length : 2)
            return {
              loss: dinoLoss(targets, compared, studentTemperature),
              centre: [`centre.${level}`, nextCentre(centre, said, centreMomentum)] as const,
            }
          })
          const total = outcomes.map(({ loss }) => loss).reduce(add)
          return {
            loss: mul(total, scalarOf(total, 1 / levels.length)),
            memory: Object.fromEntries(outcomes.map(({ centre }) => centre)),
          }
        },
      },
      setting,
    )
  }
}

const paper: DinoPreset = {
  optimiser: () => adamW(),
  peakRate: batch => (5e-4 * batch) / 256,
  warmupShare: 0.1,
  decay: [0.04, 0.4],
  clipNorm: 3,
  views: paperViews.dino,
  momentum: 0.996,
  levels: ['clip'],
  hidden: 2048,
  bottleneck: 256,
  prototypes: 65536,
  studentTemperature: 0.1,
  teacherTemperature: [0.04, 0.07],
  temperatureShare: 0.3,
  frozenShare: 0.01,
  centreMomentum: 0.9,
}

export const dinoPresets = {
  /** Caron et al., 2021, section 3 and the authors' code: 100 epochs; a global view is half of a clip. */
  paper,
  /** For a plant's own video and minutes on a CPU: few prototypes, few local views, a teacher within tens of steps. */
  plant: { ...paper, ...plantDistillation, levels: ['clip', 'place'] },
} as const satisfies Readonly<Record<string, DinoPreset>>
