import { cast, constant, float32, mul, reshape, sub, type Tensor, transpose } from '@takt/graph'
import type { EncoderSpec } from './encoder-spec.ts'

const CHANNELS = 3

/** How frames are cut; a tubelet of one frame is a patch of an image. */
export type TubeletSpec = Pick<EncoderSpec, 'inputSize' | 'frames' | 'tubelet' | 'patch'>

/** Mean and deviation of RGB that pixels are standardised by, of values in [0, 1]. */
export interface Colours {
  readonly mean: readonly number[]
  readonly deviation: readonly number[]
}

export const imageNetColours: Colours = { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] }

/** Numbers of a tubelet: frames, rows, columns and channels, in this order. */
export function tubeletSize({ tubelet, patch }: Pick<TubeletSpec, 'tubelet' | 'patch'>): number {
  return tubelet * patch * patch * CHANNELS
}

/** uint8 frames [batch, frames, height, width, RGB] → normalised tubelets [batch·times·side·side, tubeletSize]. */
export function tubelets(frames: Tensor, spec: TubeletSpec): Tensor {
  return normaliseTubelets(cutTubelets(frames, spec))
}

/** The same before normalisation, in the frames' own type. */
export function cutTubelets(frames: Tensor, spec: TubeletSpec): Tensor {
  const { inputSize, frames: frameCount, tubelet, patch } = spec
  const batch = frames.shape[0]!
  const [times, side] = [frameCount / tubelet, inputSize / patch]
  // Cut while a pixel is still one byte; a row of a patch stays whole.
  const cut = reshape(frames, [batch, times, tubelet, side, patch, side, patch * CHANNELS])
  const gathered = transpose(cut, [0, 1, 3, 5, 2, 4, 6])
  return reshape(gathered, [batch * times * side * side, tubeletSize(spec)])
}

/** (x/255 − mean) / deviation, as x·scale − shift with one constant an element: broadcasting over RGB is slow. */
export function normaliseTubelets(bytes: Tensor, { mean, deviation }: Colours = imageNetColours): Tensor {
  const size = bytes.shape[1]!
  const scale = Array.from({ length: size }, (_, i) => 1 / (255 * deviation[i % CHANNELS]!))
  const shift = Array.from({ length: size }, (_, i) => mean[i % CHANNELS]! / deviation[i % CHANNELS]!)
  return sub(mul(cast(bytes, 'float32'), constant(float32([size], scale))), constant(float32([size], shift)))
}
