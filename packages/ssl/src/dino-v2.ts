import { add, div, exp, max, mul, scalarOf, stopGradient, sub, sum, type Tensor } from '@takt/graph'
import { adamW, below, decayLayers, type Leaf } from '@takt/nn'
import { dinoLoss } from './dino.ts'
import { type DistillationHead, declareHead, headLogits, headSchedules } from './distillation-head.ts'
import { drawViewMasks, type ViewMasks } from './draw-view-masks.ts'
import { together } from './draws.ts'
import { declareMaskToken, maskedTokensLoss } from './ibot.ts'
import { koLeo } from './ko-leo.ts'
import { tokenLogits } from './masked-patches.ts'
import { ENCODER, type Method, type Setting } from './method.ts'
import { plantDistillation } from './plant-recipe.ts'
import { featuresAt, GLOBAL_VIEWS, type SelfDistillationPreset, selfDistillation } from './self-distillation.ts'
import { paperViews } from './views/paper-views.ts'
import { viewSpec } from './views/view-spec.ts'

/*
 * DINOv2: Oquab et al., "DINOv2: Learning Robust Visual Features without Supervision", TMLR 2024. DINO and iBOT by a head
 * each, the teacher's targets by Sinkhorn & Knopp instead of centring, and a term that spreads the features of whole clips.
 * Registers (Darcet et al., "Vision Transformers Need Registers", ICLR 2024) are the encoder's: its spec says how many.
 *
 *     Q ∝ exp(g_t / τ_t); thrice: Q ← Q / (K·Σ_b Q), Q ← Q / (B·Σ_k Q); P_t = B·Q        each clip 1, each prototype B/K
 *     L = L_DINO + L_iBOT + .1·Σ KoLeo        of the student's global views
 */

/** Q's rows and columns are evened out so often. */
const ITERATIONS = 3

/** P_t of logits [groups, batch, K], each group for itself: at each time and place the clips share the prototypes out. */
export function sinkhornTargets(logits: Tensor, temperature: Tensor): Tensor {
  const [, batch, prototypes] = logits.shape as [number, number, number]
  const evened = (q: Tensor, axis: number, parts: number) => {
    const total = sum(q, [axis], { keepAxes: true })
    return div(q, mul(total, scalarOf(total, parts)))
  }
  let q = exp(div(sub(logits, max(logits, [1, 2], { keepAxes: true })), temperature))
  for (let i = 0; i < ITERATIONS; i++) q = evened(evened(q, 1, prototypes), 2, batch)
  return stopGradient(mul(q, scalarOf(q, batch)))
}

export interface DinoV2Preset extends SelfDistillationPreset, DistillationHead {
  readonly masks: ViewMasks
  /** Of KoLeo in the loss. */
  readonly spread: number
}

export function dinoV2(preset: DinoV2Preset): (setting: Setting) => Method {
  return setting => {
    const { spec, steps } = setting
    const globals = preset.views.views.slice(0, GLOBAL_VIEWS).map(plan => viewSpec(plan, spec))
    const head = <T>(leaf: Leaf<T>, of: 'clip' | 'token') => declareHead(below(of, leaf), spec.dim, preset)
    return selfDistillation(
      {
        name: 'dino-v2',
        preset,
        declareHeads: leaf => [head(leaf, 'clip'), head(leaf, 'token'), declareMaskToken(leaf, spec.dim)],
        draws: together(headSchedules(preset, steps), drawViewMasks(preset.masks, globals, setting)),
        loss: ({ student, teacher }, fed) => {
          const [unfrozen, temperature] = [fed.unfrozen!, fed.teacherTemperature!]
          const clips = student.seen.map(view => featuresAt('clip', view))
          const targets = (logits: Tensor) => sinkhornTargets(logits, temperature)
          const taught = teacher.seen.map(view => featuresAt('clip', view))
          const whole = dinoLoss(
            taught.map(clip => targets(headLogits(head(teacher.heads, 'clip'), clip, unfrozen))),
            clips.map(clip => headLogits(head(student.heads, 'clip'), clip, unfrozen)),
            preset.studentTemperature,
          )
          const masked = maskedTokensLoss({
            targets: teacher.seen.map(view => targets(tokenLogits(head(teacher.heads, 'token'), view, unfrozen))),
            ...{ head: head(student.heads, 'token'), seen: student.seen, fed, temperature: preset.studentTemperature },
          })
          const spread = clips.slice(0, GLOBAL_VIEWS).map(koLeo).reduce(add)
          return { loss: add(add(whole, masked), mul(spread, scalarOf(spread, preset.spread))), memory: {} }
        },
      },
      setting,
    )
  }
}

const paper: DinoV2Preset = {
  optimiser: ({ depth }) => adamW({ grouping: decayLayers({ depth, factor: 0.9, root: ENCODER }) }),
  peakRate: batch => 0.004 * Math.sqrt(batch / 1024),
  warmupShare: 0.1,
  decay: [0.04, 0.4],
  clipNorm: 3,
  views: paperViews.dinoV2,
  momentum: 0.992,
  hidden: 2048,
  bottleneck: 256,
  prototypes: 65536,
  studentTemperature: 0.1,
  teacherTemperature: [0.04, 0.07],
  temperatureShare: 0.3,
  frozenShare: 0.01,
  masks: { chance: 0.5, ratio: [0.1, 0.5] },
  spread: 0.1,
}

export const dinoV2Presets = {
  /** Oquab et al., 2024, and the authors' default configuration: 100 epochs, 10 of them to warm up; for 4 registers. */
  paper,
  /** For a plant's own video and minutes on a CPU: few prototypes, a teacher within tens of steps. */
  plant: { ...paper, ...plantDistillation, masks: { chance: 0.75, ratio: [0.1, 0.5] } },
} as const satisfies Readonly<Record<string, DinoV2Preset>>
