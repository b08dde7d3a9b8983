import { type EncoderSpec, type Named, random, tokenCount } from '@takt/nn'
import { blockMask } from './block-mask.ts'
import { type Draws, together } from './draws.ts'
import { sslError } from './errors.ts'
import type { Range } from './views/augmentation.ts'
import { type Random, uniform } from './views/draw-colours.ts'

/** Which clips of a step a student sees masked, and how much of them: at all times of a view the same places. */
export interface ViewMasks {
  /** Chance that a view is masked at all. */
  readonly chance: number
  /** Share of its places, from which blocks are drawn. */
  readonly ratio: Range
}

interface Drawing {
  readonly batch: number
  readonly seed: number
}

/**
 * For each view, of `specs`: `view0.masked` [batch, tokens], 1 where a token is hidden; `view0.hidden` int64 [batch, most],
 * the hidden tokens and then some that are not; `view0.weights` [batch, most], 1 over their count for those that are hidden
 * and 0 for the rest. Throws `bad_mask`.
 */
export function drawViewMasks(masks: ViewMasks, specs: readonly EncoderSpec[], drawing: Drawing): Draws {
  return together(...specs.map((spec, view) => drawMasks(masks, { ...drawing, spec, view })))
}

interface MaskedView extends Drawing {
  readonly spec: EncoderSpec
  readonly view: number
}

function drawMasks({ chance, ratio }: ViewMasks, { spec, view, batch, seed }: MaskedView): Draws {
  const { inputSize, patch, frames, tubelet } = spec
  const [side, times] = [inputSize / patch, frames / tubelet]
  const places = side ** 2
  const count = (share: number) => Math.floor(share * places)
  const most = count(ratio[1])
  if (most < 1 || most >= places) throw sslError('bad_mask', { ratio: ratio[1], places })

  const drawClip = (next: Random) => {
    const [masked, share] = [next() < chance, uniform(ratio, next)]
    const hidden = masked ? blockMask({ side, hidden: Math.max(1, count(share)) }, next) : []
    const isHidden = new Set(hidden)
    const fill = [...Array(places).keys()].filter(place => !isHidden.has(place)).slice(0, most - hidden.length)
    const atAllTimes = <T>(of: (time: number) => readonly T[]) => [...Array(times).keys()].flatMap(of)
    const tokens = (chosen: readonly number[]) => atAllTimes(time => chosen.map(place => time * places + place))
    const weight = 1 / (times * hidden.length)
    return {
      masked: atAllTimes(() => Array.from({ length: places }, (_, place) => (isHidden.has(place) ? 1 : 0))),
      hidden: [...tokens(hidden), ...tokens(fill)],
      weights: [...tokens(hidden).map(() => weight), ...tokens(fill).map(() => 0)],
    }
  }
  const prefix = `view${view}.`
  return {
    types: {
      [`${prefix}masked`]: { dtype: 'float32', shape: [batch, tokenCount(spec)] },
      [`${prefix}hidden`]: { dtype: 'int64', shape: [batch, times * most] },
      [`${prefix}weights`]: { dtype: 'float32', shape: [batch, times * most] },
    },
    at: step => {
      const clips = Array.from({ length: batch }, (_, clip) => drawClip(random(seed, `mask ${step} ${view} ${clip}`)))
      const all = (name: keyof (typeof clips)[number]) => clips.flatMap(clip => clip[name])
      const drawn: Named<readonly number[]> = {
        [`${prefix}masked`]: all('masked'),
        [`${prefix}hidden`]: all('hidden'),
        [`${prefix}weights`]: all('weights'),
      }
      return drawn
    },
  }
}
