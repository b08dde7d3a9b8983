import {
  add,
  adjustBrightness,
  adjustContrast,
  adjustSaturation,
  div,
  gather,
  minimum,
  mul,
  range,
  reshape,
  rotateHue,
  scalarOf,
  sub,
  type Tensor,
} from '@takt/graph'
import type { EncoderSpec, Named } from '@takt/nn'
import type { Colour } from './draw-colours.ts'
import { resample } from './resample.ts'

/** Some of a clip's frames, float32 [batch, frames, size, size, RGB] of 0 … 255, and the time step that they start at. */
export interface View {
  readonly frames: Tensor
  /** int64, a scalar. */
  readonly firstTime: Tensor
}

/** What alters colours, in the order in which it does; each clip of [batch, …, RGB] between 0 and 1 by its own number. */
const alterations: Readonly<Record<Exclude<Colour, 'blur'>, (colours: Tensor, by: Tensor) => Tensor>> = {
  brightness: adjustBrightness,
  contrast: adjustContrast,
  saturation: adjustSaturation,
  hue: rotateHue,
  solarise,
}

/** A view of uint8 `frames` [batch, frames, size, size, RGB], by what was drawn for it; `spec` is the view's own. */
export function augment(frames: Tensor, drawn: Named<Tensor>, spec: EncoderSpec): View {
  const firstTime = drawn.firstTime!
  const shown = add(range(spec.frames, 'int64'), mul(firstTime, scalarOf(firstTime, spec.tubelet)))
  const window = gather(frames, shown, { axis: 1, distinct: true })
  const { rows, columns, blur } = drawn
  const pixels = resample(window, { rows: rows!, columns: columns!, blur, size: spec.inputSize })
  const applied = Object.entries(alterations).filter(([name]) => Object.hasOwn(drawn, name))
  if (applied.length === 0) return { frames: pixels, firstTime }
  const levels = scalarOf(pixels, 255)
  const altered = applied.reduce((colours, [name, alter]) => alter(colours, drawn[name]!), div(pixels, levels))
  return { frames: mul(altered, levels), firstTime }
}

/** Levels from ½ on inverted, where `share` is 1. */
function solarise(colours: Tensor, share: Tensor): Tensor {
  const inverted = minimum(colours, sub(scalarOf(colours, 1), colours))
  return add(colours, mul(sub(inverted, colours), reshape(share, [share.shape[0]!, 1, 1, 1, 1])))
}
