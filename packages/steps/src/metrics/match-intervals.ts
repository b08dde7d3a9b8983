import { intersectionOverUnion } from './segmental-f1.ts'

/** An occurrence of a step, in any one unit of time. */
export type Span = { readonly step: string; readonly start: number; readonly end: number }

export type IntervalMatch<T extends Span, P extends Span> = {
  readonly matched: readonly { readonly truth: T; readonly predicted: P; readonly iou: number }[]
  readonly missed: readonly T[]
  readonly extra: readonly P[]
}

/**
 * Pairs true with predicted occurrences of the same step, greedily by the largest IoU, never crossing a pair already
 * made: time order is kept. Both lists are ordered by start here; pairs, missed and extra come in that order.
 */
export function matchIntervals<T extends Span, P extends Span>(
  truth: readonly T[],
  predicted: readonly P[],
): IntervalMatch<T, P> {
  const truths = truth.toSorted((a, b) => a.start - b.start)
  const guesses = predicted.toSorted((a, b) => a.start - b.start)
  const candidates = truths
    .flatMap((t, i) => guesses.map((p, j) => ({ i, j, iou: t.step === p.step ? intersectionOverUnion(t, p) : 0 })))
    .filter(({ iou }) => iou > 0)
    .sort((a, b) => b.iou - a.iou || a.i - b.i || a.j - b.j)
  const pairs: typeof candidates = []
  for (const candidate of candidates) {
    if (pairs.every(pair => (candidate.i - pair.i) * (candidate.j - pair.j) > 0)) pairs.push(candidate)
  }
  pairs.sort((a, b) => a.i - b.i)
  return {
    matched: pairs.map(({ i, j, iou }) => ({ truth: truths[i]!, predicted: guesses[j]!, iou })),
    missed: truths.filter((_, i) => !pairs.some(pair => pair.i === i)),
    extra: guesses.filter((_, j) => !pairs.some(pair => pair.j === j)),
  }
}
