import { refuse } from '../make-tensor.ts'
import { add } from '../ops/add.ts'
import { cast } from '../ops/cast.ts'
import { constant } from '../ops/constant.ts'
import { floor } from '../ops/floor.ts'
import { gather } from '../ops/gather-and-scatter-add.ts'
import { matmul } from '../ops/matmul.ts'
import { minimum } from '../ops/minimum.ts'
import { mul } from '../ops/mul.ts'
import { range } from '../ops/range.ts'
import { reshape } from '../ops/reshape.ts'
import { scalar, scalarOf } from '../ops/scalar.ts'
import { slice } from '../ops/slice-and-pad.ts'
import { sub } from '../ops/sub.ts'
import type { Tensor } from '../tensor.ts'
import { type DType, sameShape, tensorValue } from '../tensor-value.ts'
import { clamp } from './clamp.ts'

interface Size {
  readonly height: number
  readonly width: number
}

/**
 * Frames seen through one affine map a clip: crops, zooms, shears, turns and flips. Frames [batch, count, height,
 * width, channels] of any element type and transforms [batch, 2, 3] → [batch, count, height', width', channels] of the
 * transforms' type. As affine_grid and grid_sample of PyTorch without aligned corners: pixel centres lie in [−1, 1],
 * a transform takes an output's (x, y, 1) to the input's (x, y), bilinear, and beyond a border its pixels go on.
 */
export function sampleAffine(frames: Tensor, transforms: Tensor, { height, width }: Size): Tensor {
  const [batch = 0, count = 0, sourceHeight = 0, sourceWidth = 0, channels = 0] = frames.shape
  if (frames.shape.length !== 5 || !sameShape(transforms.shape, [batch, 2, 3])) {
    const takes = 'takes frames [batch, count, height, width, channels] and transforms [batch, 2, 3]'
    refuse('sampleAffine', [frames, transforms], takes)
  }
  const points = height * width
  const sources = matmul(transforms, pixelCentres({ height, width }, transforms.dtype))
  const column = split(coordinate(sources, 0, sourceWidth), sourceWidth)
  const row = split(coordinate(sources, 1, sourceHeight), sourceHeight)

  const pixels = reshape(frames, [batch * count * sourceHeight * sourceWidth, channels])
  const frameStarts = reshape(mul(range(batch * count, 'int64'), scalar(sourceHeight * sourceWidth, 'int64')), [
    batch,
    count,
    1,
  ])
  const pixelsAt = (rows: Tensor, columns: Tensor) => {
    const inFrame = cast(add(mul(rows, scalarOf(rows, sourceWidth)), columns), 'int64')
    return cast(gather(pixels, add(frameStarts, inFrame)), transforms.dtype)
  }
  const across = (rows: Tensor) =>
    mix(pixelsAt(rows, column.low), pixelsAt(rows, column.high), reshape(column.share, [batch, 1, points, 1]))
  const sampled = mix(across(row.low), across(row.high), reshape(row.share, [batch, 1, points, 1]))
  return reshape(sampled, [batch, count, height, width, channels])
}

/** x, y and 1 of each pixel's centre, row by row: [3, height·width]. */
function pixelCentres({ height, width }: Size, dtype: DType): Tensor {
  const pixels = [...Array(height * width).keys()]
  const xs = pixels.map(pixel => (2 * (pixel % width) + 1) / width - 1)
  const ys = pixels.map(pixel => (2 * Math.floor(pixel / width) + 1) / height - 1)
  return constant(tensorValue({ dtype, shape: [3, height * width] }, [...xs, ...ys, ...pixels.map(() => 1)]))
}

/** Where in pixels the sources [batch, 2, points] lie along x or y, kept inside the frame: [batch, 1, points]. */
function coordinate(sources: Tensor, axis: 0 | 1, size: number): Tensor {
  const inUnits = slice(sources, { axis: 1, start: axis, end: axis + 1 })
  const inPixels = add(mul(inUnits, scalarOf(inUnits, size / 2)), scalarOf(inUnits, (size - 1) / 2))
  return clamp(inPixels, 0, size - 1)
}

/** The pixels on either side of a coordinate, and the share of the higher one. */
function split(coordinates: Tensor, size: number): { readonly [K in 'low' | 'high' | 'share']: Tensor } {
  const low = floor(coordinates)
  const high = minimum(add(low, scalarOf(low, 1)), scalarOf(low, size - 1))
  return { low, high, share: sub(coordinates, low) }
}

/** a + (b − a)·share */
function mix(a: Tensor, b: Tensor, share: Tensor): Tensor {
  return add(a, mul(sub(b, a), share))
}
