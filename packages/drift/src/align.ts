import { dot } from './dot.ts'
import { type Grey, halved, sample } from './grey.ts'
import { leastSquares } from './least-squares.ts'
import { median, robustFit } from './robust.ts'

/**
 * Where a point of the reference's picture lies in the recent one: `x' = x + m0 + m1 x + m2 y`, `y' = y + m3 + m4 x +
 * m5 y`, with x and y from −½ to ½ across the picture. All 0: nothing has moved.
 */
export type Motion = readonly [number, number, number, number, number, number]

export const noMotion: Motion = [0, 0, 0, 0, 0, 0]

/** Side of the coarsest picture, pixels: a tenth of it is 1.6 of them. */
const coarsest = 16
/** Rounds at each size; most end earlier. */
const rounds = 12

/** A recent background beside the reference's. */
export interface Pair {
  readonly reference: Grey
  readonly recent: Grey
}

/**
 * The affine motion that lays a recent background over the reference's, whatever the light: Gauss–Newton on
 * `gain(x) · recent(x') + offset = reference(x)`, coarse to fine (Lucas & Kanade 1981; Baker & Matthews, "Lucas-Kanade 20
 * years on", IJCV 2004, with gain and offset as in part 3), by Tukey's biweight, so that what came or went in a part of
 * the picture does not pull. Affine, since pictures are squeezed to squares: a turned camera shears them.
 */
export function alignBackgrounds(pair: Pair): Motion {
  const levels = [pair]
  for (let { reference, recent } = pair; reference.size > coarsest; ) {
    reference = halved(reference)
    recent = halved(recent)
    levels.unshift({ reference, recent })
  }
  const found = levels.reduce(refine, noMotion)
  if (shiftOf(found) < suspicious) return found
  // A large thing that came or went can pull the coarse pictures away.
  const nearby = refine(noMotion, pair)
  return unlikeness(pair, found) < unlikeness(pair, nearby) ? found : nearby
}

/** So far a motion is believed at once, as a fraction of the picture. */
const suspicious = 0.02

/**
 * How little of a picture is found again under a motion: the median of what is left after the light, in grey levels,
 * over all its pixels; those that the motion carries out of sight are not found.
 */
function unlikeness(pair: Pair, motion: Motion): number {
  const matches = matched(pair, motion)
  const rows = matches.map(termsOf).map(row => row.subarray(motionTerms))
  const targets = matches.map(({ target }) => target)
  const { factors } = robustFit(rows, targets, byMedians(matches))
  const left = rows.map((row, i) => Math.abs(targets[i]! - dot(row, factors)))
  const lost = pair.reference.size ** 2 - left.length
  return median([...left, ...Array.from({ length: lost }, () => Infinity)])
}

/** How far points of the picture move, root mean square, as a fraction of its side. */
export function shiftOf(motion: Motion): number {
  let squares = 0
  for (let i = 0; i < 16; i++) {
    const [dx, dy] = moveAt(motion, ((i % 4) + 0.5) / 4 - 0.5, (Math.floor(i / 4) + 0.5) / 4 - 0.5)
    squares += dx * dx + dy * dy
  }
  return Math.sqrt(squares / 16)
}

/** A pixel of the reference beside what the recent picture shows of the same place; x and y from −½ to ½. */
export interface Match {
  readonly x: number
  readonly y: number
  readonly target: number
  readonly value: number
  readonly slopeX: number
  readonly slopeY: number
}

/** Every pixel that both pictures show under a motion. */
export function matched({ reference, recent }: Pair, motion: Motion): Match[] {
  const { size } = reference
  const matches: Match[] = []
  for (let i = 0; i < size * size; i++) {
    if (!reference.shown[i]) continue
    const x = ((i % size) + 0.5) / size - 0.5
    const y = (Math.floor(i / size) + 0.5) / size - 0.5
    const [dx, dy] = moveAt(motion, x, y)
    const seen = sample(recent, x + dx, y + dy)
    if (seen) matches.push({ x, y, target: reference.data[i]!, ...seen })
  }
  return matches
}

/** What is left where the light is taken for one gain, that of the medians: a first guess that half of the picture may spoil. */
export function byMedians(matches: readonly Match[]): number[] {
  const gain = median(matches.map(({ target }) => target)) / Math.max(1, median(matches.map(({ value }) => value)))
  return matches.map(({ target, value }) => target - gain * value)
}

const moveAt = (m: Motion, x: number, y: number): readonly [number, number] => [
  m[0] + m[1] * x + m[2] * y,
  m[3] + m[4] * x + m[5] * y,
]

/** Further than this nothing is found again: the pictures share too little. */
const furthest = 0.25
/** A thirtieth of a pixel of the finest picture. */
const settled = 5e-4

function refine(from: Motion, pair: Pair): Motion {
  let motion = from
  for (let round = 0; round < rounds; round++) {
    const step = gaussNewtonStep(matched(pair, motion))
    motion = plus(motion, step)
    if (!(shiftOf(motion) < furthest)) return noMotion
    if (shiftOf(step) < settled) break
  }
  return motion
}

/** The light is fitted first, so that weights see what it does not explain. */
function gaussNewtonStep(matches: readonly Match[]): Motion {
  const rows = matches.map(termsOf)
  const targets = matches.map(({ target }) => target)
  const light = rows.map(row => row.subarray(motionTerms))
  const { weights } = robustFit(light, targets, byMedians(matches))
  const moved = leastSquares(rows[0]?.length ?? 0)
  for (const [i, row] of rows.entries()) moved.add(row, targets[i]!, weights[i]!)
  const solution = moved.solve()
  // What multiplies the slopes is the gain times the motion's change.
  const gain = Math.max(0.05, solution[motionTerms]! / 128)
  return Array.from(solution.subarray(0, motionTerms), value => value / gain) as unknown as Motion
}

const termsOf = ({ x, y, value, slopeX, slopeY }: Match): Float64Array => {
  const v = value / 128
  return Float64Array.of(slopeX, slopeX * x, slopeX * y, slopeY, slopeY * x, slopeY * y, v, x * v, y * v, 1)
}

/** What follows is the light's: gain, its slopes across and down the picture, and an offset. */
const motionTerms = 6

const plus = (motion: Motion, step: Motion): Motion => motion.map((value, i) => value + step[i]!) as unknown as Motion
