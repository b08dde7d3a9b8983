import { gapPosterior } from './gap-posterior.ts'
import type { Known } from './lessons.ts'
import type { SequenceEngine } from './sequence-engine.ts'
import { type SequenceHead, scoreSequences } from './sequence-head.ts'

/** No probability counts for less: a network is never that sure. */
const LEAST_PROBABILITY = 1e-6

export type Looking = {
  readonly head: SequenceHead
  readonly engine: SequenceEngine
  /** A class that may lie unlabelled between two time stamps, or null. */
  readonly between: number | null
}

/** What is known, and what a head believes of the gaps between time stamps; a sequence without gaps is not read. */
export async function fillBorders(
  known: readonly Known[],
  { head, engine, between }: Looking,
): Promise<readonly Known[]> {
  const classCount = head.sizes.classes
  const believed = new Map<string, Known['beliefs']>()
  const stamped = known.filter(({ gaps }) => gaps.length > 0)
  const gapsOf = new Map(stamped.map(({ sequence, gaps }) => [sequence.name, gaps]))
  const looked = scoreSequences(
    head,
    stamped.map(({ sequence }) => sequence),
    engine,
  )
  for await (const { sequence, scores } of looked) {
    const logs = scores.map(probability => Math.log(Math.max(LEAST_PROBABILITY, probability)))
    const beliefs = gapsOf.get(sequence.name)!.map(gap => gapPosterior({ gap, logs, classCount, between }))
    believed.set(sequence.name, beliefs)
  }
  return known.map(each => ({ ...each, beliefs: believed.get(each.sequence.name) ?? [] }))
}
