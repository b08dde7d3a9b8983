import { add, mul, reshape, sub, type Tensor } from '@takt/graph'
import {
  below,
  cosine,
  declareVideoVit,
  type EncoderSpec,
  encodePlaced,
  type Leaf,
  leafOf,
  type Named,
  namesBelow,
  poolToGrid,
  projectTubelets,
} from '@takt/nn'
import { type Draws, together } from './draws.ts'
import { type Level, levels } from './levels.ts'
import { ENCODER, type Method, type Setting } from './method.ts'
import type { Recipe } from './recipe.ts'
import { augment } from './views/augment.ts'
import type { ViewsPlan } from './views/augmentation.ts'
import { drawViews } from './views/draw-views.ts'
import { viewPositions } from './views/encode-view.ts'
import { viewSpec } from './views/view-spec.ts'
import { watchedFeatures } from './watched-features.ts'

/** The first so many views of a plan are global: the teacher sees them alone. */
export const GLOBAL_VIEWS = 2

/** What methods share in which a student learns from its own running mean. */
export interface SelfDistillationPreset extends Recipe {
  /** Two global views, then any number of local ones. */
  readonly views: ViewsPlan
  /** Share of itself that the teacher keeps at the first step, whence half a cosine to 1. */
  readonly momentum: number
}

/** The encoder's tokens of a view, [batch·times·side², dim], and what the view's spec is. */
export interface Seen {
  readonly tokens: Tensor
  readonly spec: EncoderSpec
}

/** A network: what its encoder saw, and the weights that lie on top. */
export interface Network {
  readonly seen: readonly Seen[]
  readonly heads: Leaf<Tensor>
}

/** A view's features at a level, [groups, batch, dim]. */
export function featuresAt(level: Level, { tokens, spec }: Seen): Tensor {
  return levels[level](poolToGrid(tokens, spec))
}

export interface SelfDistillation extends Pick<Method, 'name' | 'memory'> {
  readonly preset: SelfDistillationPreset
  /** What lies on top of the encoder: heads, and a `maskToken` [dim] where views are masked. */
  readonly declareHeads: <T>(leaf: Leaf<T>) => unknown
  /** Scalars and masks. A global view with `view0.masked` [batch, tokens] of 0 and 1 is masked for the student. */
  readonly draws: Draws
  readonly loss: (
    networks: { readonly student: Network; readonly teacher: Network },
    fed: Named<Tensor>,
    memory: Named<Tensor>,
  ) => { readonly loss: Tensor; readonly memory: Named<Tensor> }
}

/** DINO, iBOT and DINOv2 as they train a video encoder; it has no class token, so that the mean of all features is one. */
export function selfDistillation(method: SelfDistillation, { spec, batch, steps, seed }: Setting): Method {
  const { name, preset, memory = {}, declareHeads, draws, loss } = method
  const plans = preset.views.views
  const specs = plans.map(plan => viewSpec(plan, spec))
  return {
    name,
    recipe: preset,
    memory,
    teacher: { follows: () => true, momentum: cosine({ from: preset.momentum, to: 1, steps }), serves: 'teacher' },
    declare: leaf => {
      declareVideoVit(below('encoder', leaf), spec)
      declareHeads(leaf)
    },
    draws: together(drawViews(preset.views, { spec, batch, seed }), draws),
    objective: (learnt, fed, carried) => {
      const views = specs.map((view, i) => augment(fed.frames!, namesBelow(`view${i}.`, fed), view))
      const see = (weights: Named<Tensor>, count: number, masks: Named<Tensor>): Network => {
        const encoder = declareVideoVit(leafOf(namesBelow(ENCODER, weights)), spec)
        const seen = views.slice(0, count).map(({ frames, firstTime }, i): Seen => {
          const view = specs[i]!
          const projected = projectTubelets(encoder, frames, view)
          const masked = masks[`view${i}.masked`]
          const shown = masked ? hide(projected, masked, weights.maskToken!) : projected
          const placed = add(shown, viewPositions(firstTime, { spec, view }))
          return { tokens: encodePlaced(encoder, placed, view), spec: view }
        })
        return { seen, heads: leafOf(weights) }
      }
      const student = see(learnt, views.length, fed)
      const teacher = see(carried.teacher, GLOBAL_VIEWS, {})
      const outcome = loss({ student, teacher }, fed, carried.memory)
      const grids = teacher.seen.map(({ tokens, spec: view }) => poolToGrid(tokens, view))
      return { ...outcome, collected: { features: watchedFeatures(grids) } }
    },
  }
}

/** A learnt token [dim] in the place of each masked one: [batch, tokens, dim]. */
function hide(tokens: Tensor, masked: Tensor, maskToken: Tensor): Tensor {
  return add(tokens, mul(sub(maskToken, tokens), reshape(masked, [...masked.shape, 1])))
}
