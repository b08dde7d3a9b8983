import { type Colours, imageNetColours } from '../tubelets.ts'
import type { ConfigValues } from './config-values.ts'

/** How a checkpoint wants its pixels. */
export interface PixelValues {
  /** Side of the square that the model is shown, where the file says. */
  readonly inputSize: number | undefined
  readonly colours: Colours
}

/** What pixels are told apart by when they are neither rescaled nor standardised. */
const BYTE = 255

const SIDES = { least: 1, most: 1024 }

/**
 * Reads `preprocessor_config.json`: (x·rescale_factor − image_mean) / image_std of bytes x. Without the file pixels are
 * standardised as ImageNet's. Throws `bad_checkpoint`.
 */
export function readPixelValues(file: ConfigValues | undefined): PixelValues {
  if (!file) return { inputSize: undefined, colours: imageNetColours }
  const rescale = file.flag('do_rescale', true)
  const factor =
    rescale && file.has('rescale_factor') ? file.number('rescale_factor', { least: 1e-6, most: 1 }) : 1 / BYTE
  // Of values in [0, 1], as the encoder's graph counts.
  const scale = rescale ? BYTE * factor : BYTE
  const standardise = file.flag('do_normalize', true)
  const mean = standardise ? file.channels('image_mean', { least: -BYTE, most: BYTE }) : [0, 0, 0]
  const deviation = standardise ? file.channels('image_std', { least: 1e-3, most: BYTE }) : [1, 1, 1]
  return {
    inputSize: sizeOf(file),
    colours: { mean: mean.map(value => value / scale), deviation: deviation.map(value => value / scale) },
  }
}

/** What is cut from the middle last is what the model sees; else what pictures are scaled to. */
function sizeOf(file: ConfigValues): number | undefined {
  if (file.has('crop_size') && file.flag('do_center_crop', true)) return file.side('crop_size', SIDES)
  if (!file.has('size') || !file.flag('do_resize', true)) return undefined
  return file.side('size', SIDES)
}
