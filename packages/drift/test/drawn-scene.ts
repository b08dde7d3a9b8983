import { backgroundSize } from '../src/background.ts'
import type { WindowLook } from '../src/window.ts'

/** mulberry32. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

export interface Drawing {
  /** How the picture has moved: x and y are where its pixel at (x, y), from −½ to ½, is found in the scene. */
  readonly look?: (x: number, y: number) => readonly [number, number]
  readonly tone?: (value: number, x: number) => number
  /** A grey square at a place, a side long. */
  readonly patch?: { readonly x: number; readonly y: number; readonly side: number; readonly grey: number }
  readonly noise?: number
  readonly seed?: number
}

/** A bench with things on it: soft blobs, and an edge across. `[64, 64]` grey. */
export function drawScene({ look, tone, patch, noise = 1, seed = 1 }: Drawing = {}): Uint8Array {
  const things = seededRandom(7)
  const blobs = Array.from({ length: 14 }, () => ({
    x: things() - 0.5,
    y: things() - 0.5,
    radius: 0.05 + 0.12 * things(),
    grey: 160 * (things() - 0.5),
  }))
  const grain = seededRandom(seed)
  return Uint8Array.from(
    Uint8ClampedArray.from({ length: backgroundSize ** 2 }, (_, i) => {
      const px = ((i % backgroundSize) + 0.5) / backgroundSize - 0.5
      const py = (Math.floor(i / backgroundSize) + 0.5) / backgroundSize - 0.5
      const [x, y] = look ? look(px, py) : [px, py]
      const blob = blobs.reduce(
        (sum, b) => sum + b.grey * Math.exp(-((x - b.x) ** 2 + (y - b.y) ** 2) / b.radius ** 2),
        0,
      )
      const value = 110 + blob + 25 * Math.tanh(30 * (y - 0.2 * x))
      const isPatched = patch && Math.max(Math.abs(px - patch.x), Math.abs(py - patch.y)) < patch.side / 2
      const lit = isPatched ? patch.grey : value
      return (tone ? tone(lit, px) : lit) + noise * (grain() - 0.5) * 2
    }),
  )
}

export const grid = 4
export const dim = 6

/** A window whose features lie around 0, but for `places` that lie `by` away in one channel; `light` moves every place along another. */
export function drawWindow(
  seed: number,
  background: Uint8Array | null,
  {
    places = [],
    by = 0,
    light = 0,
  }: { readonly places?: readonly number[]; readonly by?: number; readonly light?: number } = {},
): WindowLook {
  const random = seededRandom(seed)
  const segments = Array.from({ length: 10 }, () =>
    Float32Array.from({ length: grid * grid * 2 * dim }, (_, i) => {
      const place = Math.floor(i / (2 * dim))
      const channel = i % (2 * dim)
      const moved = channel === 2 && places.includes(place) ? by : 0
      return random() - 0.5 + moved + (channel === 0 ? light : 0)
    }),
  )
  return { segments, background }
}
