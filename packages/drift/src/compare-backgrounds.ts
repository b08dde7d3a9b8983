import { alignBackgrounds, byMedians, type Match, type Motion, matched, noMotion, type Pair, shiftOf } from './align.ts'
import { dot } from './dot.ts'
import { robustFit } from './robust.ts'
import { rootMeanSquare } from './root-mean-square.ts'

/** What has become of a background, in parts that add up to it. */
export interface BackgroundChange {
  readonly motion: Motion
  /** Root mean square over the picture of how far it has moved, as a fraction of its side. */
  readonly shift: number
  /** Root mean square of what the light makes of the picture, grey levels. */
  readonly light: number
  /** Recent over reference brightness, of a mid-grey. */
  readonly gain: number
  /** By place, what neither motion nor light explains, root mean square grey levels; null where too little is seen. */
  readonly rest: readonly (number | null)[]
  /** The same without laying the pictures over one another. */
  readonly restUnmoved: readonly (number | null)[]
}

/** Compares a recent background with the reference's, on a grid of `grid × grid` places. */
export function compareBackgrounds(pair: Pair, grid: number): BackgroundChange {
  const motion = alignBackgrounds(pair)
  const matches = matched(pair, motion)
  const light = fitLight(matches)
  return {
    motion,
    shift: shiftOf(motion),
    light: rootMeanSquare(matches.map(match => match.value - light(match))),
    gain: 128 / light({ x: 0, y: 0, value: 128 }),
    rest: restByPlace(matches, light, grid),
    restUnmoved: unmovedRest(pair, grid),
  }
}

type Light = (at: Pick<Match, 'x' | 'y' | 'value'>) => number

/**
 * The reference's brightness from the recent one: a tone curve, and a gain that changes smoothly over the picture.
 * What came or went is not light.
 */
function fitLight(matches: readonly Match[]): Light {
  const { factors } = robustFit(
    matches.map(termsOf),
    matches.map(({ target }) => target),
    byMedians(matches),
  )
  return match => dot(termsOf(match), factors)
}

const termsOf = ({ x, y, value }: Pick<Match, 'x' | 'y' | 'value'>): Float64Array => {
  const v = value / 128
  return Float64Array.of(1, v, v * v, v * v * v, x * v, y * v, x * x * v, x * y * v, y * y * v)
}

function unmovedRest(pair: Pair, grid: number): readonly (number | null)[] {
  const matches = matched(pair, noMotion)
  return restByPlace(matches, fitLight(matches), grid)
}

/** A place of which less than this share of pixels is seen says nothing. */
const leastSeen = 0.3

function restByPlace(matches: readonly Match[], light: Light, grid: number): readonly (number | null)[] {
  const squares = new Float64Array(grid * grid)
  const counts = new Float64Array(grid * grid)
  for (const match of matches) {
    const place = Math.floor((match.y + 0.5) * grid) * grid + Math.floor((match.x + 0.5) * grid)
    squares[place]! += (match.target - light(match)) ** 2
    counts[place]!++
  }
  const whole = Math.max(...counts)
  return Array.from(squares, (sum, place) =>
    counts[place]! > leastSeen * whole ? Math.sqrt(sum / counts[place]!) : null,
  )
}
