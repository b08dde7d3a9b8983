import type { TrainingMethod } from '@takt/domain'
import { add, mul, scalarOf, type Tensor } from '@takt/graph'
import { below, declareVideoVit, type Leaf, leafOf, type Named, namesBelow, poolToGrid } from '@takt/nn'
import { type Level, levels } from './levels.ts'
import { ENCODER, type Method, type Setting } from './method.ts'
import type { Recipe } from './recipe.ts'
import { augment, type View } from './views/augment.ts'
import type { ViewsPlan } from './views/augmentation.ts'
import { drawViews } from './views/draw-views.ts'
import { encodeView } from './views/encode-view.ts'
import { viewSpec } from './views/view-spec.ts'
import { watchedFeatures } from './watched-features.ts'

/** How two views of each clip are made and compared. */
export interface JointEmbeddingPreset extends Recipe {
  readonly views: ViewsPlan
  /** Each has heads of its own; the loss is their mean. */
  readonly levels: readonly Level[]
}

/** A network's features of both views at one level, [groups, batch, dim], and the weights of its heads there. */
export interface Branch {
  readonly heads: Leaf<Tensor>
  readonly features: readonly [Tensor, Tensor]
}

/** What the predictor and the projector make of both views, each [groups, batch, dim]. */
export interface Predicted {
  readonly predicted: readonly [Tensor, Tensor]
  readonly projected: readonly [Tensor, Tensor]
}

/** What tells one method that compares two views from another. */
export interface JointEmbedding extends Pick<Method, 'teacher' | 'steady'> {
  readonly name: TrainingMethod
  readonly preset: JointEmbeddingPreset
  /** Declares what lies between features of a width and the loss. */
  readonly declareHeads: <T>(leaf: Leaf<T>, inputs: number) => unknown
  /** The loss at one level. Where there is a teacher, `target` is what it sees; else it is the online branch. */
  readonly loss: (online: Branch, target: Branch) => Tensor
}

/** SimCLR, SimSiam, BYOL, MoCo v3 and Barlow Twins as they train a video encoder. */
export function jointEmbedding(method: JointEmbedding, { spec, batch, seed }: Setting): Method {
  const { name, preset, declareHeads, loss, ...rest } = method
  const views = preset.views.views.map(plan => viewSpec(plan, spec)) as [typeof spec, typeof spec]
  return {
    ...rest,
    name,
    recipe: preset,
    declare: leaf => {
      declareVideoVit(below('encoder', leaf), spec)
      for (const level of preset.levels) declareHeads(below(level, leaf), spec.dim)
    },
    draws: drawViews(preset.views, { spec, batch, seed }),
    objective: (learnt, fed, { teacher }) => {
      const pair = views.map((view, i) => augment(fed.frames!, namesBelow(`view${i}.`, fed), view)) as [View, View]
      const grids = (weights: Named<Tensor>) => {
        const encoder = declareVideoVit(leafOf(namesBelow(ENCODER, weights)), spec)
        return pair.map((shown, i) => {
          const view = views[i]!
          return poolToGrid(encodeView(encoder, shown, { spec, view }), view)
        }) as [Tensor, Tensor]
      }
      const online = grids(learnt)
      const target = method.teacher ? grids(teacher) : online
      const branch = (weights: Named<Tensor>, [a, b]: readonly [Tensor, Tensor], level: Level): Branch => ({
        heads: below(level, leafOf(weights)),
        features: [levels[level](a), levels[level](b)],
      })
      const losses = preset.levels.map(level =>
        loss(branch(learnt, online, level), branch(method.teacher ? teacher : learnt, target, level)),
      )
      const total = losses.reduce(add)
      return {
        loss: mul(total, scalarOf(total, 1 / losses.length)),
        memory: {},
        collected: { features: watchedFeatures(online) },
      }
    },
  }
}
