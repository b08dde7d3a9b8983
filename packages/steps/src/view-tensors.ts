import type { Affine } from './affine.ts'
import type { LinearScorer } from './linear-scorer.ts'
import type { HeadKind, ViewScorer } from './scorer-kinds.ts'
import type { TemporalScorer } from './temporal-head/temporal-scorer.ts'
import { affinesOf, networkOf, networkShapes } from './temporal-head/window-network.ts'

/** A tensor of a head's file. */
export type FloatTensor = { readonly shape: readonly number[]; readonly data: Float32Array }

/** What a head's file says of a view in text. */
export type ViewText = {
  readonly viewId: string
  readonly temperature: number
  readonly halfLifeSteps: number
  readonly priorWeight: number
  readonly varianceFloor: number
}

/** Gives a tensor of a view by its name, refusing one that is missing, of another shape, or with values that do not fit. */
export type TakeTensor = (
  name: string,
  shape: readonly (number | undefined)[],
  fits?: (value: number) => boolean,
) => FloatTensor

/** How a kind of scorer is kept in a file. */
type ViewFile<Scorer> = {
  readonly text: (scorer: Scorer) => ViewText
  readonly tensors: (scorer: Scorer) => Readonly<Record<string, FloatTensor>>
  readonly read: (text: ViewText, take: TakeTensor, classCount: number) => Scorer
}

const linear: ViewFile<LinearScorer> = {
  text: ({ viewId, temperature, normaliser: { halfLifeSteps, priorWeight, varianceFloor } }) => {
    return { viewId, temperature, halfLifeSteps, priorWeight, varianceFloor }
  },
  tensors: ({ normaliser: { priorMean, priorDeviation }, weights, biases }) => ({
    mean: { shape: [priorMean.length], data: priorMean },
    deviation: { shape: [priorMean.length], data: priorDeviation },
    ...affineTensors('', { weights, biases }),
  }),
  read: ({ viewId, temperature, ...moments }, take, classCount) => {
    const priorMean = take('mean', [undefined]).data
    const dim = priorMean.length
    const priorDeviation = take('deviation', [dim], value => value > 0 && Number.isFinite(value)).data
    const normaliser = { ...moments, priorMean, priorDeviation }
    return { kind: 'linear', viewId, normaliser, ...takeAffine(take, '', [classCount, dim]), temperature }
  },
}

const temporal: ViewFile<TemporalScorer> = {
  text: ({ viewId, temperature, halfLifeSteps, priorWeight, varianceFloor }) => {
    return { viewId, temperature, halfLifeSteps, priorWeight, varianceFloor }
  },
  tensors: ({ projection, network }) => ({
    ...affineTensors('projection.', projection),
    ...Object.fromEntries(
      Object.entries(affinesOf(network)).flatMap(([path, map]) => {
        return Object.entries(affineTensors(`network.${path}.`, map))
      }),
    ),
  }),
  read: (text, take, classCount) => {
    const [inputs, dim] = take('projection.weights', [undefined, undefined]).shape as [number, number]
    const [maps] = take('network.input.weights', [undefined, inputs]).shape as [number]
    const shapes = networkShapes({ inputs, classes: classCount, maps })
    const network = networkOf(path => takeAffine(take, `network.${path}.`, shapes[path]!))
    return { kind: 'temporal', ...text, projection: takeAffine(take, 'projection.', [inputs, dim]), network }
  },
}

const files: { readonly [Kind in HeadKind]: unknown } = { linear, temporal }

/** How a view's scorer of this kind is kept; it is given scorers of this kind alone. */
export function viewFileOf(kind: HeadKind): ViewFile<ViewScorer> {
  return files[kind] as ViewFile<ViewScorer>
}

export function isHeadKind(value: unknown): value is HeadKind {
  return typeof value === 'string' && Object.hasOwn(files, value)
}

function affineTensors(prefix: string, { weights, biases }: Affine): Readonly<Record<string, FloatTensor>> {
  return {
    [`${prefix}weights`]: { shape: [biases.length, weights.length / biases.length], data: weights },
    [`${prefix}biases`]: { shape: [biases.length], data: biases },
  }
}

function takeAffine(take: TakeTensor, prefix: string, [outputs, inputs]: readonly [number, number]): Affine {
  return {
    weights: take(`${prefix}weights`, [outputs, inputs]).data,
    biases: take(`${prefix}biases`, [outputs]).data,
  }
}
