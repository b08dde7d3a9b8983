import type { Random } from './views/draw-colours.ts'

/** The same in random order: Fisher & Yates. */
export function shuffle<T>(ordered: readonly T[], next: Random): readonly T[] {
  const order = [...ordered]
  for (let last = order.length - 1; last > 0; last--) {
    const other = Math.floor(next() * (last + 1))
    ;[order[last], order[other]] = [order[other]!, order[last]!]
  }
  return order
}
