import {
  abs,
  add,
  cast,
  clamp,
  constant,
  div,
  exp,
  float32,
  matmul,
  mul,
  neg,
  relu,
  reshape,
  scalarOf,
  sub,
  sum,
  type Tensor,
  transpose,
} from '@takt/graph'

/** Where along one side of a frame from −1 to 1 a view of each clip looks, [batch, 2]: half of the width and the middle. */
export type Stretch = Tensor

interface View {
  readonly rows: Stretch
  /** A negative width mirrors. */
  readonly columns: Stretch
  /** Deviation of a Gaussian for each clip in pixels of the view, [batch]; sharp where left out. */
  readonly blur?: Tensor | undefined
  /** Side of the view in pixels. */
  readonly size: number
}

/**
 * A rectangle of each clip's frames, scaled to a square and blurred: uint8 [batch, frames, height, width, RGB] → float32
 * [batch, frames, size, size, RGB], bilinear, pixel centres within, and beyond a border its pixels go on. What each row of
 * a view takes from the rows of a frame is a matrix, and so for columns: y = R·x·Cᵀ. That is faster than to gather four
 * neighbours for each pixel, as affine grid sampling does, and a blur is part of the matrices.
 */
export function resample(frames: Tensor, { rows, columns, blur, size }: View): Tensor {
  const [batch, count, height, width, channels] = frames.shape as [number, number, number, number, number]
  const kernel = blur && gaussian(blur, size)
  const along = (stretch: Stretch, source: number) => {
    const weights = interpolation(stretch, size, source)
    return reshape(kernel ? matmul(kernel, weights) : weights, [batch, 1, size, source])
  }
  // Columns first, as long as a pixel is three bytes: it has to be turned round for them.
  const turned = cast(transpose(frames, [0, 1, 3, 2, 4]), 'float32')
  const across = matmul(along(columns, width), reshape(turned, [batch, count, width, height * channels]))
  const upright = transpose(reshape(across, [batch, count, size, height, channels]), [0, 1, 3, 2, 4])
  const down = matmul(along(rows, height), reshape(upright, [batch, count, height, size * channels]))
  return reshape(down, [batch, count, size, size, channels])
}

/** How much of each of `source` pixels goes into each of `size`: [batch, size, source], every row adding up to 1. */
function interpolation(stretch: Stretch, size: number, source: number): Tensor {
  const batch = stretch.shape[0]!
  const centres = Array.from({ length: size }, (_, i) => (2 * i + 1) / size - 1)
  // [width, middle] · [[centres], [1 …]] in units of half a frame, then in pixels.
  const basis = constant(float32([2, size], [...centres, ...centres.map(() => 1)]))
  const places = add(mul(matmul(stretch, basis), scalarOf(stretch, source / 2)), scalarOf(stretch, (source - 1) / 2))
  const within = reshape(clamp(places, 0, source - 1), [batch, size, 1])
  const pixels = constant(float32([1, 1, source], [...Array(source).keys()]))
  return relu(sub(scalarOf(within, 1), abs(sub(within, pixels))))
}

/** Gᵢⱼ ∝ exp(−(i − j)² / 2σ²), [batch, size, size], whose rows add up to 1 at a border too. */
function gaussian(deviations: Tensor, size: number): Tensor {
  const variance = reshape(mul(deviations, deviations), [deviations.shape[0]!, 1, 1])
  const indices = [...Array(size).keys()]
  const squares = constant(
    float32(
      [1, size, size],
      indices.flatMap(i => indices.map(j => (i - j) ** 2)),
    ),
  )
  const weights = exp(neg(div(squares, mul(variance, scalarOf(variance, 2)))))
  return div(weights, sum(weights, [2], { keepAxes: true }))
}
