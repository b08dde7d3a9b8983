import { random } from '@takt/nn'
import type { TokenMask } from './draw-masks.ts'
import { sslError } from './errors.ts'
import { shuffle } from './shuffle.ts'

interface Tubes {
  /** Time steps. */
  readonly times: number
  /** Tokens of a time step. */
  readonly places: number
  /** Share of the places that is hidden, rounded down to whole places. */
  readonly ratio: number
}

/** How many places a mask hides; throws `bad_mask` unless some are hidden and some are not. */
export function hiddenPlaces({ places, ratio }: Omit<Tubes, 'times'>): number {
  const hidden = Math.floor(ratio * places)
  if (!(hidden >= 1 && hidden < places)) throw sslError('bad_mask', { ratio, places })
  return hidden
}

/**
 * A tube mask: one random choice of places, hidden at all times, so that nothing hidden can be copied from a
 * neighbouring time. Tong et al., 2022, section 3.3. The same seed and stream give the same mask.
 */
export function tubeMask(
  tubes: Tubes,
  { seed, stream }: { readonly seed: number; readonly stream: string },
): TokenMask {
  const { times, places } = tubes
  const hiddenCount = hiddenPlaces(tubes)
  const order = shuffle([...Array(places).keys()], random(seed, stream))
  const atAllTimes = (chosen: readonly number[]) =>
    Array.from({ length: times }, (_, time) => chosen.map(place => time * places + place)).flat()
  return {
    visible: atAllTimes(order.slice(hiddenCount).toSorted(ascending)),
    hidden: atAllTimes(order.slice(0, hiddenCount).toSorted(ascending)),
  }
}

const ascending = (a: number, b: number) => a - b
