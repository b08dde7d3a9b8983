import type { DecodedInterval } from './interval.ts'
import { intersectionOverUnion } from './range.ts'

/** Two intervals of the same step are one occurrence from this intersection over union on. */
export const sameOccurrenceIou = 0.5

type Occurrence = Pick<DecodedInterval, 'step' | 'startUtcMs' | 'endUtcMs'>

/** Pairs each old interval with the new one that is the same occurrence, best agreement first; each is used once. */
export function matchOccurrences<Old extends Occurrence, New extends Occurrence>(
  olds: readonly Old[],
  news: readonly New[],
): ReadonlyMap<Old, New> {
  const pairs = olds.flatMap(old =>
    news
      .filter(next => next.step === old.step)
      .map(next => ({ old, next, iou: intersectionOverUnion(old, next) }))
      .filter(pair => pair.iou >= sameOccurrenceIou),
  )
  const matches = new Map<Old, New>()
  const taken = new Set<New>()
  for (const { old, next } of pairs.sort((a, b) => b.iou - a.iou)) {
    if (matches.has(old) || taken.has(next)) continue
    matches.set(old, next)
    taken.add(next)
  }
  return matches
}
