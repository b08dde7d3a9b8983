import type { EncoderSpec } from '@takt/nn'
import { sslError } from './errors.ts'
import { shuffle } from './shuffle.ts'
import type { Range } from './views/augmentation.ts'
import { type Random, uniform } from './views/draw-colours.ts'

/** What of a clip is seen, and what is predicted of it, one target after the other: token numbers. */
export interface TargetMask {
  readonly visible: readonly number[]
  readonly targets: readonly (readonly number[])[]
}

/** Masks whose sizes are the same for all clips, so that shapes are. */
export interface TargetMasks {
  readonly visible: number
  readonly targets: number
  /** Tokens of each target. */
  readonly hidden: number
  readonly draw: (next: Random) => TargetMask
}

interface Frame {
  /** Places along each side. */
  readonly side: number
  /** Time steps: a place that is hidden is hidden at all of them. */
  readonly times: number
}

/** The places and times of an encoder's clips. */
export function frameOf({ inputSize, patch, frames, tubelet }: EncoderSpec): Frame {
  return { side: inputSize / patch, times: frames / tubelet }
}

export interface TargetBlocks {
  /** How many rectangles. */
  readonly count: number
  /** Share of the places that one has. */
  readonly area: number
  /** Height over width; its logarithm is uniform. */
  readonly aspect: Range
}

/** Share of the frame that I-JEPA's context is drawn from, as a square. */
const CONTEXT: Range = [0.85, 1]

/**
 * I-JEPA's: each rectangle is a target of its own. The context is a large rectangle without them; of it as many places
 * are seen as are left where no two targets overlap. Throws `bad_mask` where that is none.
 */
export function separateTargets({ count, area, aspect }: TargetBlocks, { side, times }: Frame): TargetMasks {
  const places = side ** 2
  const [size, visible] = [Math.floor(area * places), places - count * Math.floor(area * places)]
  if (size < 1 || visible < 1) throw sslError('bad_mask', { ratio: count * area, places })
  return {
    ...{ visible: times * visible, targets: count, hidden: times * size },
    draw: next => {
      const targets = Array.from({ length: count }, () => block(size, { side, aspect }, next))
      const context = new Set(block(Math.round(places * uniform(CONTEXT, next)), { side, aspect: [1, 1] }, next))
      const predicted = new Set(targets.flat())
      const left = shuffle([...Array(places).keys()], next).filter(place => !predicted.has(place))
      const seen = [...left.filter(place => context.has(place)), ...left.filter(place => !context.has(place))]
      return {
        visible: atAllTimes(seen.slice(0, visible), { side, times }),
        targets: targets.map(target => atAllTimes(target, { side, times })),
      }
    },
  }
}

/**
 * V-JEPA's: all rectangles together are one target, and all else is seen. As many places are hidden as so many
 * rectangles cover on average. Throws `bad_mask` where that is none or all.
 */
export function unitedTargets({ count, area, aspect }: TargetBlocks, { side, times }: Frame): TargetMasks {
  const places = side ** 2
  const ratio = 1 - (1 - area) ** count
  const hidden = Math.floor(ratio * places)
  if (hidden < 1 || hidden >= places) throw sslError('bad_mask', { ratio, places })
  const size = Math.max(1, Math.floor(area * places))
  return {
    ...{ visible: times * (places - hidden), targets: 1, hidden: times * hidden },
    draw: next => {
      const chosen = new Set<number>()
      while (chosen.size < hidden) {
        for (const place of block(size, { side, aspect }, next)) if (chosen.size < hidden) chosen.add(place)
      }
      const seen = [...Array(places).keys()].filter(place => !chosen.has(place))
      return { visible: atAllTimes(seen, { side, times }), targets: [atAllTimes([...chosen], { side, times })] }
    },
  }
}

interface Rectangle {
  readonly side: number
  readonly aspect: Range
}

/** Exactly `size` places of a rectangle somewhere in a frame, whose last row may be cut. */
function block(size: number, { side, aspect: [flattest, tallest] }: Rectangle, next: Random): readonly number[] {
  const ratio = Math.exp(uniform([Math.log(flattest), Math.log(tallest)], next))
  const within = (height: number) => Math.min(side, size, Math.max(Math.ceil(size / side), height))
  const height = within(Math.round(Math.sqrt(size * ratio)))
  const width = Math.ceil(size / height)
  const [top, left] = [side - height, side - width].map(room => Math.floor(next() * (room + 1))) as [number, number]
  return Array.from({ length: size }, (_, i) => (top + Math.floor(i / width)) * side + left + (i % width))
}

function atAllTimes(places: readonly number[], { side, times }: Frame): readonly number[] {
  const ordered = places.toSorted((a, b) => a - b)
  return Array.from({ length: times }, (_, time) => ordered.map(place => time * side ** 2 + place)).flat()
}
