import { add } from '../ops/add.ts'
import { constant } from '../ops/constant.ts'
import { matmul } from '../ops/matmul.ts'
import { mean } from '../ops/mean.ts'
import { mul } from '../ops/mul.ts'
import { reshape } from '../ops/reshape.ts'
import { scalar } from '../ops/scalar.ts'
import { cos, sin } from '../ops/sin-and-cos.ts'
import { sub } from '../ops/sub.ts'
import type { Tensor } from '../tensor.ts'
import { type DType, elementCount, tensorValue } from '../tensor-value.ts'
import { clamp } from './clamp.ts'

// Colours are [batch, …, RGB] between 0 and 1; each clip of the batch has its own factor or angle, [batch].

/** Every pixel times its clip's factor. */
export function adjustBrightness(colours: Tensor, factors: Tensor): Tensor {
  return clamp(mul(colours, perClip(factors, colours)), 0, 1)
}

/** Away from the clip's mean luma by its factor; 0 is one grey, 1 leaves all as it is. */
export function adjustContrast(colours: Tensor, factors: Tensor): Tensor {
  const luma = toLuma(colours)
  const average = mean(luma, [...luma.shape.keys()].slice(1), { keepAxes: true })
  return blend(average, colours, factors)
}

/** Away from each pixel's luma by the clip's factor; 0 is black and white, 1 leaves all as it is. */
export function adjustSaturation(colours: Tensor, factors: Tensor): Tensor {
  return blend(toLuma(colours), colours, factors)
}

/**
 * Colours turned about the grey axis by their clip's angle, in radians: greys stay, 2π/3 makes red green.
 * Rodrigues: R = cos θ·I + (1 − cos θ)/3·J + sin θ/√3·K, where J is all ones and K·v = (1, 1, 1) × v.
 */
export function rotateHue(colours: Tensor, angles: Tensor): Tensor {
  const { dtype } = colours
  const [batch = 0] = colours.shape
  const [identity, third] = [matrix([1, 0, 0, 0, 1, 0, 0, 0, 1], dtype), scalar(1 / 3, dtype)]
  // Pixels are rows here, so that they are multiplied by the transpose of R, whose K is of the other sign.
  const crossed = mul(matrix([0, 1, -1, -1, 0, 1, 1, -1, 0], dtype), scalar(1 / Math.sqrt(3), dtype))
  const turn = (of: Tensor) => reshape(of, [batch, 1, 1])
  const transposed = add(add(mul(turn(cos(angles)), sub(identity, third)), third), mul(turn(sin(angles)), crossed))
  const pixels = reshape(colours, [batch, elementCount(colours.shape) / (3 * batch), 3])
  return clamp(reshape(matmul(pixels, transposed), colours.shape), 0, 1)
}

function matrix(numbers: readonly number[], dtype: DType): Tensor {
  return constant(tensorValue({ dtype, shape: [3, 3] }, numbers))
}

/** Luma of ITU-R BT.601, [batch, …, 1]. */
export function toLuma(colours: Tensor): Tensor {
  const weights = constant(tensorValue({ dtype: colours.dtype, shape: [3, 1] }, [0.299, 0.587, 0.114]))
  return matmul(colours, weights)
}

/** from + (colours − from)·factor, kept between 0 and 1. */
function blend(from: Tensor, colours: Tensor, factors: Tensor): Tensor {
  return clamp(add(from, mul(sub(colours, from), perClip(factors, colours))), 0, 1)
}

function perClip(factors: Tensor, colours: Tensor): Tensor {
  return reshape(factors, [colours.shape[0]!, ...colours.shape.slice(1).map(() => 1)])
}
