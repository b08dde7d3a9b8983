import { mean, reshape, type Tensor, transpose } from '@takt/graph'
import type { EncoderSpec } from '@takt/nn'

/**
 * What of a clip is compared with the same of another view. `clip`: the mean of all its features. `place`: each time
 * step's each place, which keeps the coarse grid alive. Clips are told apart at one time and place only, never across
 * them: an encoder that knew nothing but when and where would otherwise do well (its features would be different, and
 * the same in both views).
 */
export type Level = 'clip' | 'place'

/** Features [batch, times, places, dim] → [groups, batch, dim]: each group has a feature of every clip. */
export const levels: Readonly<Record<Level, (features: Tensor) => Tensor>> = {
  clip: features => {
    const [batch, , , dim] = features.shape as [number, number, number, number]
    return reshape(mean(features, [1, 2]), [1, batch, dim])
  },
  place: features => {
    const [batch, times, places, dim] = features.shape as [number, number, number, number]
    return reshape(transpose(features, [1, 2, 0, 3]), [times * places, batch, dim])
  },
}

/** Groups of a view's features at a level. */
export function groupCount(level: Level, { frames, tubelet, grid }: EncoderSpec): number {
  return level === 'clip' ? 1 : (frames / tubelet) * grid ** 2
}
