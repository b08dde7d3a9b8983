import { timesformerTiny } from '@takt/nn'
import {
  type HeadNetwork,
  linearNetwork,
  msTcnNetwork,
  msTcnPlusPlusNetwork,
  type NetworkSizes,
  timesformerNetwork,
} from './head-networks.ts'

/** How a head is built and how it learns. */
export type HeadRecipe = {
  readonly network: (sizes: NetworkSizes) => HeadNetwork
  /** λ of the smoothing loss. */
  readonly smoothing: number
  /** Learning rate of Adam, the same throughout. */
  readonly rate: number
  /** Decay of weights, multiplied by the rate. */
  readonly decay: number
  /** Times that every training sequence is seen, at least. */
  readonly epochs: number
  /** Steps of training, at least: few sequences are seen more often. */
  readonly leastSteps: number
  /** Exponent of rarity in a class's weight: 0 for every time step alike. */
  readonly balance: number
  /** Around a border, in shares of a median step: there both classes are right. */
  readonly border: number
  readonly augmentation: SequenceAugmentation
}

/** How each showing of a sequence differs from it. */
export type SequenceAugmentation = {
  /** Standard deviation of the logarithm of pace, of a whole showing and from one twelfth of a median step to the next. */
  readonly pace: { readonly overall: number; readonly local: number } | null
  /** Share of channels left out. */
  readonly channelDropout: number
  /** Standard deviation of what is added to a channel throughout a showing, in units of its own deviation. */
  readonly channelShift: number
}

const unaltered: SequenceAugmentation = { pace: null, channelDropout: 0, channelShift: 0 }

/** What lets a head learn from few sequences: pace and light are never the same twice. */
const altered: SequenceAugmentation = {
  pace: { overall: 0.15, local: 0.3 },
  channelDropout: 0.2,
  channelShift: 0.4,
}

const msTcnSizes = { maps: 64, layers: 10, refinements: 3 } as const

/**
 * The constants of both papers and their code: Farha & Gall, 2019; Li et al., 2020. With 20 sequences or more these are
 * the paper's 50 epochs.
 */
const paper = {
  smoothing: 0.15,
  rate: 5e-4,
  decay: 0,
  epochs: 50,
  leastSteps: 1000,
  balance: 0,
  border: 0,
  augmentation: unaltered,
} as const

/** Steps of median length that a time step sees. */
const SEEN_STEPS = 4

/** Layers whose dilation doubles until they see so much; 10 see 2,047 time steps. */
const layersOver = ({ stepLength }: NetworkSizes): number =>
  Math.min(10, Math.max(4, Math.ceil(Math.log2(SEEN_STEPS * stepLength)) - 1))

export const headRecipes = {
  linear: { ...paper, network: linearNetwork, smoothing: 0, rate: 2e-3, balance: 0.5 },
  temporal: {
    ...paper,
    network: sizes => msTcnNetwork(sizes, { maps: 32, layers: layersOver(sizes), refinements: 0 }),
    rate: 2e-3,
    decay: 0.01,
    balance: 0.5,
    border: 0.05,
    augmentation: altered,
  },
  'ms-tcn': { ...paper, network: sizes => msTcnNetwork(sizes, msTcnSizes) },
  'timesformer-tiny': {
    ...paper,
    network: sizes => timesformerNetwork(sizes, timesformerTiny),
    decay: 0.05,
    balance: 0.5,
    border: 0.05,
    augmentation: altered,
  },
  'ms-tcn++': { ...paper, network: sizes => msTcnPlusPlusNetwork(sizes, { ...msTcnSizes, firstLayers: 11 }) },
} as const satisfies Readonly<Record<string, HeadRecipe>>

export type HeadName = keyof typeof headRecipes

export const headNames = Object.keys(headRecipes) as readonly HeadName[]

/** How often each of so many sequences is seen. */
export const epochsOf = (
  { epochs, leastSteps }: Pick<HeadRecipe, 'epochs' | 'leastSteps'>,
  sequences: number,
): number => Math.max(epochs, Math.ceil(leastSteps / sequences))
