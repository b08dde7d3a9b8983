import { roughlyNormal } from './roughly-normal.ts'
import type { Warp } from './time-warp.ts'
import { REACH, WINDOW } from './window-network.ts'

/**
 * Where each step of a window lies when work is done faster here and slower there, in steps from the middle one, which
 * stays: `[window]`, always forwards.
 */
export function warpedOffsets({ overall, local, knotSteps }: Warp, draw: () => number): Float64Array {
  const side = Math.ceil(REACH / knotSteps)
  const copyPace = overall * roughlyNormal(draw)
  const logPace = Float64Array.from({ length: 2 * side + 1 }, () => copyPace + local * roughlyNormal(draw))
  const pace = (offset: number) => {
    const place = side + offset / knotSteps
    const knot = Math.floor(place)
    const share = place - knot
    return Math.exp(logPace[knot]! * (1 - share) + logPace[Math.min(knot + 1, 2 * side)]! * share)
  }
  const offsets = new Float64Array(WINDOW)
  for (let k = 1; k <= REACH; k++) {
    offsets[REACH + k] = offsets[REACH + k - 1]! + pace(k - 0.5)
    offsets[REACH - k] = offsets[REACH - k + 1]! - pace(0.5 - k)
  }
  return offsets
}
