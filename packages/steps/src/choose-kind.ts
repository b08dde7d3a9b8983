import type { CrossValidation, Judged } from './cross-validate.ts'
import type { FittedKind } from './fit-options.ts'

/** A kind of head on cycles held out, under the evidence weight that found most in them. */
export type TriedKind = {
  readonly kind: FittedKind
  readonly evidenceWeight: number
  readonly crossValidation: CrossValidation
}

/** The kind of a head, and in words why it. */
export type ChosenKind = {
  readonly kind: FittedKind
  readonly because: string
  /** All that was tried; empty where no cycle could be held out. */
  readonly tried: readonly TriedKind[]
}

/** What a head found in cycles held out, in percent: the mean of accuracy, edit score and F1@50. */
export const merit = ({ frameAccuracy, edit, f1At50 }: CrossValidation): number =>
  ((frameAccuracy ?? 0) + (edit ?? 0) + (f1At50 ?? 0)) / 3

/**
 * Neighbouring steps share frames and noise, so their evidence counts less than the product of independent steps; how
 * much less is what decodes held-out cycles best. The scores are those of the chosen weight: one number chosen from
 * five, on the cycles that judge it. The first is taken where it makes no difference.
 */
export async function bestEvidenceWeight(
  candidates: readonly number[],
  judge: (evidenceWeight: number) => Promise<Judged>,
  progress: (share: number) => void,
): Promise<Judged & { readonly evidenceWeight: number }> {
  const judged: (Judged & { readonly evidenceWeight: number })[] = []
  for (const [index, evidenceWeight] of candidates.entries()) {
    judged.push({ evidenceWeight, ...(await judge(evidenceWeight)) })
    progress((index + 1) / candidates.length)
  }
  return judged.reduce((best, next) => (merit(next.crossValidation) > merit(best.crossValidation) ? next : best))
}

/** Percent of merit within which a few cycles cannot tell: the simpler kind is taken. */
const MARGIN = 1

/** The kind that finds most in cycles held out, the kinds being given from the simplest to the least simple. */
export function chooseKind(tried: readonly TriedKind[]): ChosenKind {
  const best = tried.reduce((a, b) => {
    return merit(b.crossValidation) > merit(a.crossValidation) + MARGIN ? b : a
  })
  const figures = tried.map(({ kind, crossValidation }) => `${kind} ${merit(crossValidation).toFixed(1)}`).join(', ')
  const because =
    tried.length === 1
      ? `only ${best.kind} heads were tried`
      : `accuracy, edit and F1@50 of cycles held out, their mean: ${figures}; the simplest within ${MARGIN} of the best`
  return { kind: best.kind, because, tried }
}
