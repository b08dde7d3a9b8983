import type { NamedTensors } from '@takt/onnx'
import type { FeatureSequence } from './feature-sequence.ts'
import type { FeatureStandard } from './feature-standard.ts'
import type { HeadNetwork, NetworkSizes } from './head-networks.ts'
import type { HeadName } from './head-recipes.ts'
import { groupLengths, groupOf } from './length-groups.ts'
import type { SequenceEngine } from './sequence-engine.ts'
import { SequenceFeed } from './sequence-feed.ts'
import { scoringModel } from './sequence-models.ts'

/** Turns the features of a whole sequence into P(class) of each time step. */
export type SequenceHead = {
  readonly name: HeadName
  readonly network: HeadNetwork
  readonly sizes: NetworkSizes
  readonly standard: FeatureStandard
  /** Weights, one network a seed. */
  readonly networks: readonly NamedTensors[]
}

/**
 * P(class) `[time, class]` of each sequence, those of a length together: one is read at a time, and one model is open.
 * Throws what reading or the engine throws.
 */
export async function* scoreSequences<S extends FeatureSequence>(
  head: SequenceHead,
  sequences: readonly S[],
  engine: SequenceEngine,
): AsyncGenerator<{ readonly sequence: S; readonly scores: Float32Array }, void, undefined> {
  const { sizes, standard, networks } = head
  const groups = groupLengths(sequences.map(({ times }) => times))
  const feed = new SequenceFeed({ ...sizes, longest: groups.at(-1) ?? 0 }, standard)
  for (const length of groups) {
    await using scoring = await engine.openScoring(scoringModel(head, length, networks))
    for (const sequence of sequences.filter(({ times }) => groupOf(groups, times) === length)) {
      const { probabilities } = await scoring.run(await feed.plain(sequence, length))
      yield { sequence, scores: asRows(probabilities!.data as Float32Array, { ...sequence, length, ...sizes }) }
    }
  }
}

/** [class, length] → `[time, class]`. */
function asRows(
  columns: Float32Array,
  { times, length, classes }: { readonly times: number; readonly length: number; readonly classes: number },
): Float32Array {
  return Float32Array.from({ length: times * classes }, (_, at) => {
    return columns[(at % classes) * length + Math.floor(at / classes)]!
  })
}

/** The class of the largest score of each time step. */
export function largestClasses(scores: Float32Array, classCount: number): Int16Array {
  return Int16Array.from({ length: scores.length / classCount }, (_, time) => {
    const row = scores.subarray(time * classCount, (time + 1) * classCount)
    return row.indexOf(row.reduce((a, b) => Math.max(a, b)))
  })
}
