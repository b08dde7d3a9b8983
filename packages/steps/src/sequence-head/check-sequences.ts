import { StepsError } from '../errors.ts'
import { UNKNOWN } from '../labelled-runs.ts'
import type { LabelledFeatures } from './feature-sequence.ts'

/** A change from one step to the next takes two. */
const LEAST_STEPS = 2

export type Checked = {
  readonly sequences: readonly LabelledFeatures[]
  readonly classCount: number
  readonly seeds: readonly number[]
}

/** Throws what `fitSequenceHead` says of its arguments, naming the sequence. */
export function checkSequences({ sequences, classCount, seeds }: Checked): void {
  const wrong = seeds.find(seed => !(Number.isSafeInteger(seed) && seed >= 0))
  if (seeds.length === 0 || wrong !== undefined) {
    throw new StepsError('option_out_of_range', { option: 'seeds', value: wrong ?? 'none' })
  }
  for (const { name, times, labels } of sequences) {
    if (times < LEAST_STEPS) throw new StepsError('sequence_too_short', { sequence: name, steps: times })
    if (labels.length !== times) {
      throw new StepsError('labels_misaligned', { sequence: name, labels: labels.length, steps: times })
    }
    const label = labels.find(label => label !== UNKNOWN && !(label >= 0 && label < classCount))
    if (label !== undefined) throw new StepsError('label_out_of_range', { sequence: name, label, classes: classCount })
  }
  if (!sequences.some(({ labels }) => labels.some(label => label !== UNKNOWN))) throw new StepsError('no_labels')
}
