import type { Motion } from './align.ts'
import { type BackgroundChange, compareBackgrounds } from './compare-backgrounds.ts'
import { greyPicture } from './grey.ts'
import { type BackgroundSpread, distancesOf, type Reference } from './reference.ts'
import { rootMeanSquare } from './root-mean-square.ts'
import type { WindowLook } from './window.ts'

/**
 * Why a view looks other than its reference:
 * - `light`: brighter, darker, or lit from another side;
 * - `camera`: it looks elsewhere, or nothing of its background is found again;
 * - `object`: something has come to stay in a part of the picture, or left it: a jig, a tool, a bin;
 * - `work`: the background is what it was, and what moves before it is not;
 * - `unexplained`: no backgrounds were kept that could say.
 */
export const driftKinds = ['light', 'camera', 'object', 'work', 'unexplained'] as const
export type DriftKind = (typeof driftKinds)[number]

/** How far a window of a view has moved away from its reference; all but `picture` in units of the reference's own variation. */
export interface Drift {
  readonly score: number
  /** The score of each place, row by row. */
  readonly places: readonly number[]
  /** Null while the score is below the threshold. */
  readonly kind: DriftKind | null
  /** What the pixels say; null where no backgrounds were kept. */
  readonly background: BackgroundDrift | null
}

export interface BackgroundDrift {
  readonly light: number
  readonly camera: number
  /** By place, of what neither explains; null where too little is seen. */
  readonly objects: readonly (number | null)[]
  /** As measured: recent over reference brightness of a mid-grey; how the picture has moved. */
  readonly picture: { readonly gain: number; readonly motion: Motion }
}

/** At this many times its reference's own variation a view has drifted. */
export const driftThreshold = 3

/** Compares a window with a reference of the same width. */
export function measureDrift(reference: Reference, window: WindowLook): Drift {
  const { grid, spread, background } = reference
  const found = distancesOf(reference, window)
  const places = found.map((distance, place) => distance / Math.max(spread[place]!, leastSpread))
  const score = quarticMean(places)
  if (!background || !window.background)
    return { score, places, kind: score < driftThreshold ? null : 'unexplained', background: null }
  const change = compareBackgrounds(
    { reference: greyPicture(background.picture), recent: greyPicture(window.background) },
    grid,
  )
  return {
    score,
    places,
    kind: score < driftThreshold ? null : explain(change, background),
    background: {
      light: change.light / background.light,
      camera: change.shift / background.shift,
      objects: change.rest.map((rest, place) => (rest === null ? null : rest / background.rest[place]!)),
      picture: { gain: change.gain, motion: change.motion },
    },
  }
}

/** A mean in which one place of sixteen that changes much counts for as much as all that change a little. */
const quarticMean = (values: readonly number[]): number =>
  (values.reduce((sum, value) => sum + value ** 4, 0) / values.length) ** 0.25

/** A place that has never changed at all. */
const leastSpread = 1e-6

/** A moved picture is one that laying it back explains most of. */
const explainedShare = 0.7
/** Where so large a share of places shows another background, it is not the same picture any more. */
const lostShare = 0.6

function explain(change: BackgroundChange, usual: BackgroundSpread): DriftKind {
  const unexplained = ratios(change.rest, usual)
  const changed = unexplained.filter(ratio => ratio >= driftThreshold).length
  const before = rootMeanSquare(ratios(change.restUnmoved, usual))
  const isMoved = change.shift >= driftThreshold * usual.shift && rootMeanSquare(unexplained) < explainedShare * before
  if (isMoved || changed >= lostShare * unexplained.length) return 'camera'
  const object = Math.max(0, ...unexplained)
  const light = change.light / usual.light
  if (Math.max(object, light) < driftThreshold) return 'work'
  return light >= object ? 'light' : 'object'
}

const ratios = (rest: readonly (number | null)[], usual: BackgroundSpread): readonly number[] =>
  rest.flatMap((value, place) => (value === null ? [] : [value / usual.rest[place]!]))
