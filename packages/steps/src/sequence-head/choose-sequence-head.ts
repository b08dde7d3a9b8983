import type { SequenceFit } from './fit-sequence-head.ts'
import { type HeadName, headNames } from './head-recipes.ts'
import { heldOutScores } from './held-out-scores.ts'
import { type JudgedHead, type Judging, judgeHead, merit } from './judge-head.ts'

export type Choosing = Judging & {
  readonly candidates?: readonly HeadName[]
  /** Told of every head as soon as it is judged. */
  readonly tried?: (judged: HeadJudgement) => void
}

export type HeadJudgement = JudgedHead & { readonly head: HeadName }

export type ChosenSequenceHead = {
  readonly chosen: HeadJudgement
  /** Whether it is better decoded. */
  readonly isDecoded: boolean
  readonly because: string
  /** Of every head, in the order of the table. */
  readonly judged: readonly HeadJudgement[]
}

/** A head that is taken where nothing can be held out: the one that needs fewest labels. */
const UNJUDGED: HeadName = 'temporal'

/**
 * Cross-validates heads over the training sequences, each with a decoder and without, and takes what scores best where it
 * was not fitted. Throws what fitting throws.
 */
export async function chooseSequenceHead(
  fit: Omit<SequenceFit, 'head'>,
  { candidates = headNames, tried = () => {}, ...judging }: Choosing,
): Promise<ChosenSequenceHead | { readonly head: HeadName; readonly because: string }> {
  const judged: HeadJudgement[] = []
  for (const head of candidates) {
    const heldOut = await heldOutScores({ ...fit, head })
    if (heldOut.length === 0) return { head: UNJUDGED, because: 'one sequence: none can be held out' }
    const judgement = { head, ...(await judgeHead(heldOut, judging)) }
    judged.push(judgement)
    tried(judgement)
  }
  const best = ({ frames, decoded }: JudgedHead) => Math.max(merit(frames), merit(decoded))
  const [chosen, next] = judged.toSorted((a, b) => best(b) - best(a)) as [HeadJudgement, HeadJudgement | undefined]
  const beside = next ? `; next ${next.head} ${best(next).toFixed(1)}` : ''
  const isDecoded = betterDecoded(chosen)
  const how = isDecoded ? 'decoded' : 'frame by frame'
  const because = `mean of held-out accuracy, edit and F1, ${how}: ${best(chosen).toFixed(1)}${beside}`
  return { chosen, isDecoded, because, judged }
}

/** Whether a decoder scores higher than frames alone on what neither was fitted on. */
export const betterDecoded = ({ frames, decoded }: JudgedHead): boolean => merit(decoded) > merit(frames)
