import { float32, type TensorValue } from '@takt/graph'

interface TokenGrid {
  /** Time steps. */
  readonly times: number
  /** Tokens along each side of a frame. */
  readonly side: number
  /** A multiple of 8. */
  readonly dim: number
}

/**
 * Fixed positions [times·side·side, dim], time outermost, factorised: the first half of the dimensions say when,
 * a quarter which row, a quarter which column, each by its own sinusoids. As in V-JEPA (Bardes et al., 2024).
 */
export function sinCosPositions({ times, side, dim }: TokenGrid): TensorValue {
  const rows: number[] = []
  for (let time = 0; time < times; time++) {
    for (let y = 0; y < side; y++) {
      for (let x = 0; x < side; x++) {
        rows.push(...sinusoids(time, dim / 2), ...sinusoids(y, dim / 4), ...sinusoids(x, dim / 4))
      }
    }
  }
  return float32([times * side * side, dim], rows)
}

/** Fixed positions [side·side, dim] of an image: half of the dimensions say which row, half which column. */
export function sinCosPlane({ side, dim }: Omit<TokenGrid, 'times'>): TensorValue {
  const rows: number[] = []
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) rows.push(...sinusoids(y, dim / 2), ...sinusoids(x, dim / 2))
  }
  return float32([side * side, dim], rows)
}

/** Fixed positions [count, dim] of tokens by their number alone, sine and cosine side by side: Tong et al., 2022. */
export function flatSinusoids({ count, dim }: { readonly count: number; readonly dim: number }): TensorValue {
  const at = (place: number, i: number) => place / 10_000 ** ((2 * Math.floor(i / 2)) / dim)
  const wave = (i: number) => (i % 2 === 0 ? Math.sin : Math.cos)
  const rows = Float32Array.from({ length: count * dim }, (_, i) => wave(i % dim)(at(Math.floor(i / dim), i % dim)))
  return { dtype: 'float32', shape: [count, dim], data: rows }
}

/** sin(ωᵢ·place) for every i, then cos(ωᵢ·place), with ωᵢ = 10000^(−2i/count): Vaswani et al., 2017. */
function sinusoids(place: number, count: number): readonly number[] {
  const phases = Array.from({ length: count / 2 }, (_, i) => place / 10_000 ** ((2 * i) / count))
  return [...phases.map(Math.sin), ...phases.map(Math.cos)]
}
