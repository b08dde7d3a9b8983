import { medianOf } from './background.ts'
import { type BackgroundChange, compareBackgrounds } from './compare-backgrounds.ts'
import { greyPicture } from './grey.ts'
import { meanOf, type PlaceLaw, placeLaw } from './place-law.ts'
import { rootMeanSquare } from './root-mean-square.ts'
import type { WindowLook } from './window.ts'

/**
 * What an encoder and a head were made on, as windows of one length, and how much these vary by themselves: each window
 * is compared with all the others, and the root mean square of what that gives is the unit that drift is told in. So a
 * view drifts by 1 when it differs from its reference as one window of the reference differs from the rest.
 */
export interface Reference {
  /** Places a side of the grid. */
  readonly grid: number
  /** By place, what its segments are like. */
  readonly laws: readonly PlaceLaw[]
  /** By place, how far a window of it lies from the others by that law. */
  readonly spread: readonly number[]
  /** Null where its windows have no backgrounds. */
  readonly background: BackgroundSpread | null
}

/** A reference's background, and how much that varies. */
export interface BackgroundSpread {
  readonly picture: Uint8Array
  readonly shift: number
  readonly light: number
  readonly rest: readonly number[]
}

/** Fewer windows say too little of how much they vary. */
export const fewestWindows = 4

/** Smallest units: pictures that stood quite still would make much of a little noise. */
const leastShift = 0.004
const leastLight = 6
const leastRest = 3

/**
 * Makes a reference of at least `fewestWindows` windows; `grid` places a side. It takes a second or so of computing,
 * and waits for `pause` after each piece of some tens of milliseconds: who has other things to do does them there.
 */
export async function referenceOf(
  windows: readonly WindowLook[],
  grid: number,
  pause: () => Promise<void> = async () => {},
): Promise<Reference> {
  const laws: PlaceLaw[] = []
  const spread: number[] = []
  for (let place = 0; place < grid * grid; place++) {
    const ofPlace = windows.map(window => atPlace(window, place, grid))
    laws.push(placeLaw(ofPlace.flat()))
    const varying = ofPlace.map((own, i) => placeLaw(ofPlace.toSpliced(i, 1).flat())(meanOf(own)))
    spread.push(rootMeanSquare(varying))
    await pause()
  }
  const pictures = windows.flatMap(({ background }) => (background ? [background] : []))
  const background = pictures.length >= fewestWindows ? await backgroundSpread(pictures, grid, pause) : null
  return { grid, laws, spread, background }
}

/** By place, how far a window lies from the reference by the law of that place. */
export const distancesOf = ({ laws, grid }: Pick<Reference, 'laws' | 'grid'>, window: WindowLook): readonly number[] =>
  laws.map((law, place) => law(meanOf(atPlace(window, place, grid))))

function atPlace({ segments }: WindowLook, place: number, grid: number): readonly Float32Array[] {
  const width = segments[0]!.length / (grid * grid)
  return segments.map(segment => segment.subarray(place * width, (place + 1) * width))
}

async function backgroundSpread(
  pictures: readonly Uint8Array[],
  grid: number,
  pause: () => Promise<void>,
): Promise<BackgroundSpread> {
  const changes: BackgroundChange[] = []
  for (const [i, picture] of pictures.entries()) {
    const reference = greyPicture(medianOf(pictures.toSpliced(i, 1)))
    changes.push(compareBackgrounds({ reference, recent: greyPicture(picture) }, grid))
    await pause()
  }
  const usual = (of: (change: BackgroundChange) => number | null) =>
    rootMeanSquare(changes.map(of).filter(value => value !== null))
  return {
    picture: medianOf(pictures),
    shift: Math.max(
      leastShift,
      usual(change => change.shift),
    ),
    light: Math.max(
      leastLight,
      usual(change => change.light),
    ),
    rest: Array.from({ length: grid * grid }, (_, place) =>
      Math.max(
        leastRest,
        usual(({ rest }) => rest[place]!),
      ),
    ),
  }
}
