import { UNKNOWN } from '../src/labelled-runs.ts'
import type { LabelledFeatures } from '../src/sequence-head/feature-sequence.ts'
import { seededRandom } from './synthetic.ts'

export type SyntheticSequences = {
  readonly seed: number
  readonly count: number
  readonly classes: number
  readonly channels: number
  /** Mean length of a step. */
  readonly meanSteps: number
  /** Deviation of a feature around its class's prototype, which has deviation 1. */
  readonly noise: number
}

/** Sequences of steps in a drawn order, each with a prototype and noise; features are kept as a file would keep them. */
export function syntheticSequences(options: SyntheticSequences): readonly LabelledFeatures[] {
  const { seed, count, classes, channels, meanSteps, noise } = options
  const fixed = seededRandom(7)
  const prototypes = Array.from({ length: classes }, () => Float32Array.from({ length: channels }, fixed.normal))
  const random = seededRandom(seed)
  return Array.from({ length: count }, (_, index): LabelledFeatures => {
    const order = Array.from({ length: classes }, (_, k) => k).sort(() => random.uniform() - 0.5)
    const runs = order.map(k => Array<number>(Math.round(meanSteps * (0.5 + random.uniform()))).fill(k))
    const length = runs.flat().length
    const few = meanSteps * classes
    // The last step fills the sequence up to one of few lengths.
    runs.push(Array<number>(Math.ceil(length / few) * few - length).fill(order.at(-1)!))
    const labels = Int16Array.from(runs.flat())
    const features = Float32Array.from({ length: labels.length * channels }, (_, at) => {
      return prototypes[labels[Math.floor(at / channels)]!]![at % channels]! + noise * random.normal()
    })
    return { name: `s${index}`, times: labels.length, labels, read: async into => into.set(features) }
  })
}

/** The same sequences with one labelled frame a step, at a drawn place of it. */
export function stamped(sequences: readonly LabelledFeatures[], seed: number): readonly LabelledFeatures[] {
  const { uniform } = seededRandom(seed)
  return sequences.map(sequence => {
    const labels = new Int16Array(sequence.times).fill(UNKNOWN)
    for (let start = 0; start < sequence.times; ) {
      let end = start
      while (end < sequence.times && sequence.labels[end] === sequence.labels[start]) end++
      const at = start + Math.floor(uniform() * (end - start))
      labels[at] = sequence.labels[start]!
      start = end
    }
    return { ...sequence, labels }
  })
}
