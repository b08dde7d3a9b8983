import type { Random } from './views/draw-colours.ts'
import { uniform } from './views/draw-colours.ts'

interface Blocks {
  /** Places along each side of a frame. */
  readonly side: number
  /** How many of them are hidden. */
  readonly hidden: number
}

/** Height over width of a block, its logarithm uniform. */
const NARROWEST = 0.3

/** Blocks that are tried before what is missing is taken from the start of the frame. */
const TRIES = 50

/**
 * Places hidden by random rectangles, one after the other until there are exactly so many: Bao et al., 2022 (BEiT),
 * algorithm 1, whose last block is cut. Ascending.
 */
export function blockMask({ side, hidden }: Blocks, next: Random): readonly number[] {
  const chosen = new Set<number>()
  const take = (places: Iterable<number>) => {
    for (const place of places) if (chosen.size < hidden) chosen.add(place)
  }
  for (let attempt = 0; attempt < TRIES && chosen.size < hidden; attempt++) {
    take(block(side, uniform([1, hidden - chosen.size], next), next))
  }
  take(Array(side ** 2).keys())
  return [...chosen].toSorted((a, b) => a - b)
}

/** The places of a rectangle of about `area` somewhere in a frame. */
function block(side: number, area: number, next: Random): readonly number[] {
  const aspect = Math.exp(uniform([Math.log(NARROWEST), -Math.log(NARROWEST)], next))
  const within = (size: number) => Math.min(side, Math.max(1, Math.round(size)))
  const [height, width] = [within(Math.sqrt(area * aspect)), within(Math.sqrt(area / aspect))]
  const [top, left] = [height, width].map(size => Math.floor(next() * (side - size + 1))) as [number, number]
  return Array.from({ length: height * width }, (_, i) => {
    return (top + Math.floor(i / width)) * side + left + (i % width)
  })
}
