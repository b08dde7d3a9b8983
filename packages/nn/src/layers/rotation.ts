import { add, concat, constant, float32, mul, reshape, slice, type Tensor } from '@takt/graph'

/** Factors of each token's pairs, [tokens, headDim]: cosines, and sines with the sign that their place in a pair gives. */
export interface Rotation {
  readonly cosines: Tensor
  readonly sines: Tensor
}

interface RotatedGrid {
  readonly times: number
  readonly side: number
  /** Even. */
  readonly headDim: number
}

const BASE = 10_000

/**
 * Rotary positions of a clip's tokens, time outermost, as V-JEPA 2 has them (Assran et al., 2025): of a head's
 * dimensions three equal parts of an even size turn with the time, the row and the column, what is left does not.
 * Element j of a part of D turns by place · 10000^(−(j mod D/2) / (D/2)): the published weights were learnt with angles
 * that are repeated as a whole though pairs lie side by side, so that the two of a pair turn by different ones.
 */
export function videoRotation({ times, side, headDim }: RotatedGrid): Rotation {
  const size = 2 * Math.floor(headDim / 6)
  const turns = Array.from({ length: size }, (_, j) => BASE ** -((j % (size / 2)) / (size / 2)))
  const still = Array.from({ length: headDim - 3 * size }, () => 0)
  const angles: number[] = []
  for (let time = 0; time < times; time++) {
    for (let row = 0; row < side; row++) {
      for (let column = 0; column < side; column++) {
        for (const place of [time, row, column]) angles.push(...turns.map(turn => place * turn))
        angles.push(...still)
      }
    }
  }
  const table = (f: (angle: number, i: number) => number) =>
    constant(float32([times * side * side, headDim], angles.map(f)))
  // A row's length is even, so that an index is odd where its place in a pair is.
  return { cosines: table(Math.cos), sines: table((angle, i) => (i % 2 === 0 ? -1 : 1) * Math.sin(angle)) }
}

/** x [batch, heads, tokens, headDim] turned: each pair (a, b) becomes (a·cos − b·sin, b·cos + a·sin). Su et al., 2021. */
export function rotate({ cosines, sines }: Rotation, x: Tensor): Tensor {
  const [batch, heads, tokens, headDim] = x.shape as [number, number, number, number]
  const pairs = reshape(x, [batch, heads, tokens, headDim / 2, 2])
  const half = (i: number) => slice(pairs, { axis: 4, start: i, end: i + 1 })
  const swapped = reshape(concat([half(1), half(0)], 4), x.shape)
  return add(mul(x, cosines), mul(swapped, sines))
}
