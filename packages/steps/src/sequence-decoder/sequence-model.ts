import { freshLaw } from '../duration-law.ts'
import { learnDurations } from '../durations.ts'
import type { SemiMarkovModel } from '../hmm/semi-markov.ts'
import { labelledStretches, UNKNOWN } from '../labelled-runs.ts'
import { learnTransitions } from '../transitions.ts'

/** The order and durations of steps, by block, and ln of each class's share of time, `[class]`. */
export type SequenceModel = { readonly segments: SemiMarkovModel; readonly logShares: Float64Array }

/** Recordings that every class counts as having begun, beside those that did. */
const PSEUDO_STARTS = 0.3

/** Learns from the labels of blocks; recordings are taken to begin and end with whole steps. */
export function learnSequenceModel(labels: readonly Int16Array[], classCount: number): SequenceModel {
  const stretches = labels.flatMap(labelledStretches)
  const law = freshLaw(learnDurations(stretches.flat(), classCount))
  const { next, initial } = learnTransitions(stretches, classCount)
  const starts = new Float64Array(classCount).fill(PSEUDO_STARTS)
  for (const { 0: first } of labels) if (first !== undefined && first !== UNKNOWN) starts[first]!++
  const total = starts.reduce((sum, count) => sum + count, 0)
  return {
    segments: {
      logInitial: starts.map(count => Math.log(count / total)),
      logNext: Float64Array.from(next, Math.log),
      first: law,
      fresh: law,
      last: 'whole',
    },
    logShares: Float64Array.from(initial, Math.log),
  }
}
