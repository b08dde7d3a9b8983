import { medianOf } from './background.ts'

/** A segment of a view: what its encoder makes of it, and what of it stands still where that was kept. */
export interface SegmentLook {
  /** Time steps. */
  readonly steps: number
  /** `[steps, places, dim]`. */
  readonly features: Float32Array
  readonly background: Uint8Array | null
}

/** Some minutes of a view. */
export interface WindowLook {
  /**
   * Of each segment, `[places, 2 · dim]`: mean and standard deviation over its time steps, of each place and channel.
   * The one tells what is there, the other how much it moves.
   */
  readonly segments: readonly Float32Array[]
  /** `[64, 64]` grey; null where no segment has one. */
  readonly background: Uint8Array | null
}

/** Gathers a window from its segments, at least one; `grid` places a side. */
export function windowOf(segments: readonly SegmentLook[], grid: number): WindowLook {
  const backgrounds = segments.flatMap(({ background }) => (background ? [background] : []))
  return {
    segments: segments.map(segment => momentsOf(segment, grid * grid)),
    background: backgrounds.length > 0 ? medianOf(backgrounds) : null,
  }
}

function momentsOf({ steps, features }: SegmentLook, places: number): Float32Array {
  const width = features.length / steps
  const dim = width / places
  const moments = new Float32Array(2 * width)
  for (let channel = 0; channel < width; channel++) {
    let mean = 0
    for (let at = channel; at < features.length; at += width) mean += features[at]! / steps
    let variance = 0
    for (let at = channel; at < features.length; at += width) variance += (features[at]! - mean) ** 2 / steps
    const to = Math.floor(channel / dim) * 2 * dim + (channel % dim)
    moments[to] = mean
    moments[to + dim] = Math.sqrt(variance)
  }
  return moments
}
