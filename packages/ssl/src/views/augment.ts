import {
  add,
  adjustBrightness,
  adjustContrast,
  adjustSaturation,
  constant,
  div,
  exp,
  float32,
  gather,
  matmul,
  minimum,
  mul,
  neg,
  range,
  reshape,
  rotateHue,
  sampleAffine,
  scalarOf,
  sub,
  sum,
  type Tensor,
  transpose,
} from '@takt/graph'
import type { EncoderSpec, Named } from '@takt/nn'
import type { Colour } from './draw-colours.ts'

/** Some of a clip's frames, float32 [batch, frames, size, size, RGB] of 0 … 255, and the time step that they start at. */
export interface View {
  readonly frames: Tensor
  /** int64, a scalar. */
  readonly firstTime: Tensor
}

/** What alters colours, in the order in which it does; each clip of [batch, …, RGB] between 0 and 1 by its own number. */
const alterations: Readonly<Record<Colour, (colours: Tensor, by: Tensor) => Tensor>> = {
  brightness: adjustBrightness,
  contrast: adjustContrast,
  saturation: adjustSaturation,
  hue: rotateHue,
  blur,
  solarise,
}

/** A view of uint8 `frames` [batch, frames, size, size, RGB], by what was drawn for it; `spec` is the view's own. */
export function augment(frames: Tensor, drawn: Named<Tensor>, spec: EncoderSpec): View {
  const firstTime = drawn.firstTime!
  const shown = add(range(spec.frames, 'int64'), mul(firstTime, scalarOf(firstTime, spec.tubelet)))
  const window = gather(frames, shown, { axis: 1, distinct: true })
  const pixels = sampleAffine(window, drawn.transform!, { height: spec.inputSize, width: spec.inputSize })
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

/**
 * Gaussian of a deviation in pixels, rows and columns each by a product with the matrix of its weights, which add up to
 * 1 at a border too: y = G·x·Gᵀ with Gᵢⱼ ∝ exp(−(i − j)² / 2σ²).
 */
function blur(colours: Tensor, deviations: Tensor): Tensor {
  const [batch, frames, size] = colours.shape as [number, number, number]
  const variance = reshape(mul(deviations, deviations), [batch, 1, 1])
  const weights = exp(neg(div(constant(squaredDistances(size)), mul(variance, scalarOf(variance, 2)))))
  const kernel = reshape(div(weights, sum(weights, [2], { keepAxes: true })), [batch, 1, size, size])
  const blurRows = (x: Tensor) => matmul(kernel, reshape(x, [batch, frames, size, size * 3]))
  const swapped = (x: Tensor) => transpose(reshape(x, [batch, frames, size, size, 3]), [0, 1, 3, 2, 4])
  return swapped(blurRows(swapped(blurRows(colours))))
}

function squaredDistances(size: number) {
  const indices = [...Array(size).keys()]
  return float32(
    [1, size, size],
    indices.flatMap(i => indices.map(j => (i - j) ** 2)),
  )
}
