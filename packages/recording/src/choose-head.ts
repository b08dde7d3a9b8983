import type { CrossValidation } from '@takt/steps'
import { type HeadKind, type HeadRequest, headKinds, heads } from './heads.ts'

/** A head, and in words why it. */
export interface ChosenHead {
  readonly head: HeadKind
  readonly because: string
}

/** By `npm run bench -- heads`: films of which one cycle is labelled and all of the rest is known. */
const OF_ONE_CYCLE: ChosenHead = {
  head: 'temporal',
  because:
    'no two labelled cycles show every step, so none can be held out; it is the better one on films of the bench',
}

/** One network says enough of a head that is held out. */
const SEEDS_HELD_OUT = 1

/**
 * The head that finds more in labelled cycles that it has not learnt from, by the sum of accuracy, edit score and F1@50
 * over all ways to describe the recording, so that each is seen through the same head. Throws what fitting throws.
 */
export async function chooseHead(requests: readonly HeadRequest[]): Promise<ChosenHead> {
  const merits: { readonly head: HeadKind; readonly merit: number }[] = []
  for (const head of headKinds) {
    let sum = 0
    for (const request of requests) {
      const held = await heads[head].crossValidate({ ...request, seeds: SEEDS_HELD_OUT })
      if (held === null) return OF_ONE_CYCLE
      sum += merit(held)
    }
    merits.push({ head, merit: sum / requests.length })
  }
  const best = merits.reduce((a, b) => (b.merit > a.merit ? b : a))
  const figures = merits.map(({ head, merit }) => `${head} ${merit.toFixed(1)}`).join(', ')
  return { head: best.head, because: `accuracy, edit and F1@50 of cycles held out, their mean: ${figures}` }
}

const merit = ({ frameAccuracy, edit, f1At50 }: CrossValidation): number =>
  ((frameAccuracy ?? 0) + (edit ?? 0) + (f1At50 ?? 0)) / 3
