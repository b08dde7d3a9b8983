import { add, constant, expand, mul, reshape, scalarOf, standardise, type Tensor } from '@takt/graph'
import {
  below,
  cosine,
  declarePredictor,
  declareVideoVit,
  gatherTokens,
  type Leaf,
  leafOf,
  type Named,
  namesBelow,
  type PredictorSpec,
  poolToGrid,
  predictor,
  random,
  tokenCount,
  videoPositions,
  videoVit,
  visibleVideoVit,
} from '@takt/nn'
import { type Draws, together } from './draws.ts'
import { sslError } from './errors.ts'
import { ENCODER, type Method, type Setting, type Teacher } from './method.ts'
import type { Recipe } from './recipe.ts'
import type { TargetMasks } from './target-blocks.ts'
import { watchedFeatures } from './watched-features.ts'

export interface LatentPredictionPreset extends Recipe {
  /** Width of the predictor, by that of the encoder, and its blocks. */
  readonly predictorDim: (dim: number) => number
  readonly predictorDepth: number
  /** Share of itself that the target encoder keeps at the first step, whence half a cosine to 1. */
  readonly momentum: number
  /** Whose encoder is what was learnt: the target's in the papers; after few steps it lags behind the learner's. */
  readonly serves: Teacher['serves']
}

export interface LatentPrediction extends Pick<Method, 'name'> {
  readonly preset: LatentPredictionPreset
  /** Kinds of masks; a clip has one of each in every step. */
  readonly masks: readonly TargetMasks[]
  /** Of what is predicted and what was to be, [tokens, dim] twice, a scalar. */
  readonly loss: (predicted: Tensor, target: Tensor) => Tensor
}

/** F.layer_norm's. */
const EPSILON = 1e-5

/** Features [tokens, dim] as targets: each token's at mean 0 and variance 1. */
export function jepaTargets(features: Tensor): Tensor {
  return standardise(features, { axes: [1], epsilon: EPSILON }).normalised
}

/**
 * I-JEPA and V-JEPA: of what an encoder sees of a clip, a predictor says which features the target encoder has elsewhere;
 * these are standardised, each token for itself. The target encoder follows by EMA and sees all. Throws `bad_decoder`.
 */
export function latentPrediction(method: LatentPrediction, { spec, batch, steps, seed }: Setting): Method {
  const { name, preset, masks, loss } = method
  const narrow = predictorOf(preset, spec.dim)
  const declare = <T>(leaf: Leaf<T>) => ({
    encoder: declareVideoVit(below('encoder', leaf), spec),
    predictor: declarePredictor(below('predictor', leaf), narrow),
  })
  return {
    name,
    recipe: preset,
    declare,
    teacher: {
      follows: of => of.startsWith(ENCODER),
      momentum: cosine({ from: preset.momentum, to: 1, steps }),
      serves: preset.serves,
    },
    draws: together(...masks.map((kind, i) => drawTargets(kind, { prefix: `mask${i}.`, batch, seed }))),
    objective: (learnt, fed, { teacher }) => {
      const tree = declare(leafOf(learnt))
      const targetEncoder = declareVideoVit(leafOf(namesBelow(ENCODER, teacher)), spec)
      const whole = videoVit(targetEncoder, fed.frames!, spec)
      const targets = jepaTargets(whole)
      const losses = masks.map(({ targets: count }, i) => {
        const { visible, hidden } = namesBelow(`mask${i}.`, fed) as Named<Tensor> & Record<'visible' | 'hidden', Tensor>
        const context = visibleVideoVit(tree.encoder, { frames: fed.frames!, visible }, spec)
        const seen = visible.shape[1]!
        const encoded = reshape(forEach(reshape(context, [batch, seen, spec.dim]), count), [
          batch * count * seen,
          spec.dim,
        ])
        const masked = {
          encoded,
          visible: forEach(visible, count),
          hidden,
          positions: constant(videoPositions(spec, narrow.dim)),
        }
        const ofClip = reshape(hidden, [batch, count * hidden.shape[1]!])
        return loss(predictor(tree.predictor, masked, narrow), gatherTokens(targets, ofClip, tokenCount(spec)))
      })
      const total = losses.reduce(add)
      return {
        loss: mul(total, scalarOf(total, 1 / losses.length)),
        memory: {},
        collected: { features: watchedFeatures([poolToGrid(whole, spec)]) },
      }
    },
  }
}

/** Each clip's rows once for each of its targets: [batch, …] → [batch·count, …]. */
function forEach(x: Tensor, count: number): Tensor {
  const [batch, ...row] = x.shape as [number, ...number[]]
  return reshape(expand(reshape(x, [batch, 1, ...row]), [batch, count, ...row]), [batch * count, ...row])
}

interface Drawing {
  readonly prefix: string
  readonly batch: number
  readonly seed: number
}

/** int64 `visible` [batch, seen] and `hidden` [batch·targets, tokens of one], by step and clip. */
function drawTargets({ visible, targets, hidden, draw }: TargetMasks, { prefix, batch, seed }: Drawing): Draws {
  return {
    types: {
      [`${prefix}visible`]: { dtype: 'int64', shape: [batch, visible] },
      [`${prefix}hidden`]: { dtype: 'int64', shape: [batch * targets, hidden] },
    },
    at: step => {
      const clips = Array.from({ length: batch }, (_, clip) => draw(random(seed, `${prefix}${step} ${clip}`)))
      return {
        [`${prefix}visible`]: clips.flatMap(clip => clip.visible),
        [`${prefix}hidden`]: clips.flatMap(clip => clip.targets.flat()),
      }
    },
  }
}

/** Heads near 64 wide. */
function predictorOf({ predictorDim, predictorDepth: depth }: LatentPredictionPreset, inputs: number): PredictorSpec {
  const dim = predictorDim(inputs)
  const heads = Math.ceil(dim / 64)
  if (dim % 8 !== 0 || dim % heads !== 0) throw sslError('bad_decoder', { dim, heads })
  return { inputs, dim, depth, heads, outputs: inputs }
}
