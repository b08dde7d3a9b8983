import { mul, type Tensor, type TensorType, type TensorValue } from '@takt/graph'
import {
  declareMsTcn,
  declareMsTcnPlusPlus,
  declareTemporalConv,
  declareTimesformer,
  type FeatureRows,
  initialLeaf,
  type Leaf,
  leafOf,
  type MaskedTimes,
  type MsTcnPlusPlusSpec,
  type MsTcnSpec,
  msTcn,
  msTcnPlusPlus,
  type Named,
  namedLeaves,
  rowProjection,
  type TimesformerSpec,
  timesformer,
} from '@takt/nn'

/** What a network is asked for. */
export type NetworkSizes = {
  /** Numbers of a time step, all places together. */
  readonly channels: number
  readonly places: number
  readonly classes: number
  /** Median length of a step, in time steps. */
  readonly stepLength: number
}

/** How features become logits. */
export type HeadNetwork = {
  readonly types: Named<TensorType>
  readonly initial: (seed: number) => Named<TensorValue>
  /** Features of one sequence → logits of every stage, [1, classes, times] each; the last one decides. */
  readonly stages: (weights: Named<Tensor>, features: FeatureRows, times: MaskedTimes) => readonly Tensor[]
  /** What `dropoutFrom` takes a table for; null where nothing is dropped. */
  readonly dropout: { readonly maps: number; readonly layers: number } | null
}

/** A network from its tree of parameters. */
function network(
  declare: (leaf: Leaf<unknown>) => unknown,
  { stages, dropout }: { readonly stages: Stages; readonly dropout: HeadNetwork['dropout'] },
): HeadNetwork {
  return {
    types: namedLeaves<TensorType>(declare as (leaf: Leaf<TensorType>) => unknown, ({ shape }) => ({
      dtype: 'float32',
      shape,
    })),
    initial: seed => namedLeaves<TensorValue>(declare as (leaf: Leaf<TensorValue>) => unknown, initialLeaf(seed)),
    stages: (weights, features, times) => stages(leafOf(weights), features, times),
    dropout,
  }
}

type Stages = (leaf: Leaf<Tensor>, features: FeatureRows, times: MaskedTimes) => readonly Tensor[]

/** A linear classifier of each time step by itself. */
export function linearNetwork({ channels, classes }: NetworkSizes): HeadNetwork {
  const sizes = { inputs: channels, outputs: classes, taps: 1 }
  return network(leaf => declareTemporalConv(leaf, sizes), {
    stages: (leaf, features, { mask }) => [mul(rowProjection(declareTemporalConv(leaf, sizes), features), mask)],
    dropout: null,
  })
}

type TcnSizes = Pick<MsTcnSpec, 'maps' | 'layers' | 'refinements'>

/** MS-TCN: Farha & Gall, 2019; each residual layer drops half of what it adds, as the authors' code does. */
export function msTcnNetwork(
  { channels, classes }: NetworkSizes,
  { maps, layers, refinements }: TcnSizes,
): HeadNetwork {
  const spec = { inputs: channels, classes, maps, layers, refinements }
  return network(leaf => declareMsTcn(leaf, spec), {
    stages: (leaf, features, times) => msTcn(declareMsTcn(leaf, spec), input => rowProjection(input, features), times),
    dropout: { maps, layers: layers * (1 + refinements) },
  })
}

/** MS-TCN++: Li et al., 2020. */
export function msTcnPlusPlusNetwork(
  { channels, classes }: NetworkSizes,
  { maps, firstLayers, layers, refinements }: TcnSizes & Pick<MsTcnPlusPlusSpec, 'firstLayers'>,
): HeadNetwork {
  const spec = { inputs: channels, classes, maps, firstLayers, layers, refinements }
  return network(leaf => declareMsTcnPlusPlus(leaf, spec), {
    stages: (leaf, features, times) =>
      msTcnPlusPlus(declareMsTcnPlusPlus(leaf, spec), input => rowProjection(input, features), times),
    dropout: { maps, layers: firstLayers + layers * refinements },
  })
}

/** Tokens in time of a step of median length; what is finer costs attention and says little. */
const TOKENS_A_STEP = 8

type AttentionSizes = Pick<TimesformerSpec, 'dim' | 'depth' | 'heads' | 'window'>

/** Divided attention over time and places: Bertasius, Wang & Torresani, 2021. */
export function timesformerNetwork({ stepLength, ...sizes }: NetworkSizes, attention: AttentionSizes): HeadNetwork {
  const spec = { ...sizes, ...attention, pooled: Math.max(1, Math.round(stepLength / TOKENS_A_STEP)) }
  return network(leaf => declareTimesformer(leaf, spec), {
    stages: (leaf, features, { mask }) => [timesformer(declareTimesformer(leaf, spec), features, { mask, spec })],
    dropout: null,
  })
}
