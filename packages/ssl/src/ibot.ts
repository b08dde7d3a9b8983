import { add, mean, mul, scalarOf, sum, type Tensor } from '@takt/graph'
import { adamW, below, type DinoHead, type Leaf, type Named, tokenCount, truncatedNormal } from '@takt/nn'
import { centredTargets, crossEntropy, dinoLoss, nextCentre } from './dino.ts'
import { type DistillationHead, declareHead, headLogits, headSchedules, zeros } from './distillation-head.ts'
import { drawViewMasks, type ViewMasks } from './draw-view-masks.ts'
import { together } from './draws.ts'
import { someLogits, someTokens, tokenLogits } from './masked-patches.ts'
import type { Method, Setting } from './method.ts'
import { plantDistillation } from './plant-recipe.ts'
import {
  featuresAt,
  GLOBAL_VIEWS,
  type Seen,
  type SelfDistillationPreset,
  selfDistillation,
} from './self-distillation.ts'
import { paperViews } from './views/paper-views.ts'
import { viewSpec } from './views/view-spec.ts'

/*
 * iBOT: Zhou et al., "iBOT: Image BERT Pre-Training with Online Tokenizer", ICLR 2022. DINO on whole views, and the same of
 * the tokens that are masked for the student: the teacher, who sees them, is their tokenizer.
 *
 *     (2)   L_MIM = − Σᵢ mᵢ · P_t(uᵢ)ᵀ log P_s(ûᵢ)        mᵢ: whether token i is masked, ûᵢ: the masked view's; per masked token
 *           L = L_[CLS] + L_MIM        L_[CLS]: DINO's (3), by the same head
 *
 * Masks are blocks of places, at all times of a view. There is a centre for whole views and one for tokens.
 */

/** (2) of one view, a scalar: targets and logits [batch, some, K], weights [batch, some] that add up to 1 or 0 a clip. */
export function maskedTokenLoss(targets: Tensor, logits: Tensor, weights: Tensor, temperature: number): Tensor {
  return mean(sum(mul(crossEntropy(targets, logits, temperature), weights), [1]), [0])
}

interface MaskedTokens {
  /** The teacher's of all tokens of each global view, [tokens, batch, K]. */
  readonly targets: readonly Tensor[]
  readonly head: DinoHead<Tensor>
  /** What the student saw of the views. */
  readonly seen: readonly Seen[]
  /** Masks of the views. */
  readonly fed: Named<Tensor>
  readonly temperature: number
}

/** (2), the mean over the global views. */
export function maskedTokensLoss({ targets, head, seen, fed, temperature }: MaskedTokens): Tensor {
  const losses = targets.map((target, i) => {
    const [hidden, weights] = [fed[`view${i}.hidden`]!, fed[`view${i}.weights`]!]
    const logits = someLogits(head, seen[i]!, hidden, fed.unfrozen!)
    return maskedTokenLoss(someTokens(target, hidden), logits, weights, temperature)
  })
  const total = losses.reduce(add)
  return mul(total, scalarOf(total, 1 / losses.length))
}

export interface IbotPreset extends SelfDistillationPreset, DistillationHead {
  readonly masks: ViewMasks
  /** Share of itself that a centre keeps. */
  readonly centreMomentum: number
  /** Whether tokens share a centre, or each time and place has its own. */
  readonly tokenCentres: 'shared' | 'placed'
}

export function declareMaskToken<T>(leaf: Leaf<T>, dim: number): T {
  return leaf({ name: 'maskToken', shape: [dim], initialiser: truncatedNormal(0.02) })
}

export function ibot(preset: IbotPreset): (setting: Setting) => Method {
  const { prototypes, studentTemperature, centreMomentum } = preset
  return setting => {
    const { spec, steps } = setting
    const globals = preset.views.views.slice(0, GLOBAL_VIEWS).map(plan => viewSpec(plan, spec))
    const tokens = { shared: 1, placed: tokenCount(globals[0]!) }[preset.tokenCentres]
    const declare = <T>(leaf: Leaf<T>) => declareHead(below('head', leaf), spec.dim, preset)
    return selfDistillation(
      {
        name: 'ibot',
        preset,
        memory: { 'centre.clip': zeros([1, 1, prototypes]), 'centre.token': zeros([tokens, 1, prototypes]) },
        declareHeads: leaf => [declare(leaf), declareMaskToken(leaf, spec.dim)],
        draws: together(headSchedules(preset, steps), drawViewMasks(preset.masks, globals, setting)),
        loss: ({ student, teacher }, fed, memory) => {
          const [unfrozen, temperature] = [fed.unfrozen!, fed.teacherTemperature!]
          const [taught, learnt] = [declare(teacher.heads), declare(student.heads)]
          const clips = teacher.seen.map(view => headLogits(taught, featuresAt('clip', view), unfrozen))
          const places = teacher.seen.map(view => tokenLogits(taught, view, unfrozen))
          const [clipCentre, tokenCentre] = [memory['centre.clip']!, memory['centre.token']!]

          const clipLoss = dinoLoss(
            clips.map(each => centredTargets(each, clipCentre, temperature)),
            student.seen.map(view => headLogits(learnt, featuresAt('clip', view), unfrozen)),
            studentTemperature,
          )
          const tokenLoss = maskedTokensLoss({
            targets: places.map(each => centredTargets(each, tokenCentre, temperature)),
            ...{ head: learnt, seen: student.seen, fed, temperature: studentTemperature },
          })
          return {
            loss: add(clipLoss, tokenLoss),
            memory: {
              'centre.clip': nextCentre(clipCentre, clips, centreMomentum),
              'centre.token': nextCentre(tokenCentre, places, centreMomentum),
            },
          }
        },
      },
      setting,
    )
  }
}

const paper: IbotPreset = {
  optimiser: () => adamW(),
  peakRate: batch => (5e-4 * batch) / 256,
  warmupShare: 10 / 800,
  decay: [0.04, 0.4],
  clipNorm: 3,
  views: paperViews.ibot,
  momentum: 0.996,
  hidden: 2048,
  bottleneck: 256,
  prototypes: 8192,
  studentTemperature: 0.1,
  teacherTemperature: [0.04, 0.07],
  temperatureShare: 30 / 800,
  frozenShare: 1 / 800,
  masks: { chance: 0.5, ratio: [0.1, 0.5] },
  centreMomentum: 0.9,
  tokenCentres: 'shared',
}

export const ibotPresets = {
  /** Zhou et al., 2022, section 4 and appendix E: ViT-S, 800 epochs; a mask ratio is 0 or .3 ± .2. */
  paper,
  /** For a plant's own video and minutes on a CPU: few prototypes, a centre for each place, a teacher within tens of steps. */
  plant: { ...paper, ...plantDistillation, masks: { chance: 0.75, ratio: [0.1, 0.5] }, tokenCentres: 'placed' },
} as const satisfies Readonly<Record<string, IbotPreset>>
