import type { ScoredRecording } from '../sequence-decoder/scored-recording.ts'
import { fitSequenceHead, type SequenceFit } from './fit-sequence-head.ts'
import { scoreSequences } from './sequence-head.ts'

/** A training sequence as a head scores it that was fitted on others. */
export type HeldOut = ScoredRecording & { readonly name: string }

const MOST_FOLDS = 3

/** Parts that are left out in turn, for so many sequences; with fewer than two there is nothing to leave out. */
export const foldCount = (sequences: number): number => (sequences < 2 ? 0 : Math.min(MOST_FOLDS, sequences))

/**
 * P(class) of training sequences by heads of one seed, each fitted on the rest: what is chosen or fitted on them is not
 * flattered by what a head knows by heart. Empty where there are fewer than two sequences, or no rest has a label.
 * Scores are held of all sequences at once, features of one. Throws what fitting throws.
 */
export async function heldOutScores(fit: SequenceFit): Promise<readonly HeldOut[]> {
  const { sequences, seeds, engine } = fit
  const folds = foldCount(sequences.length)
  // Neighbours in a list are often of one person or one day: they are held out together.
  const foldOf = (at: number) => Math.floor((at * folds) / sequences.length)
  const found: HeldOut[] = []
  for (let fold = 0; fold < folds; fold++) {
    const rest = sequences.filter((_, at) => foldOf(at) !== fold)
    const held = sequences.filter((_, at) => foldOf(at) === fold)
    if (!rest.some(({ labels }) => labels.some(label => label >= 0))) continue
    const head = await fitSequenceHead({ ...fit, sequences: rest, seeds: seeds.slice(0, 1) })
    for await (const { sequence, scores } of scoreSequences(head, held, engine)) {
      found.push({ name: sequence.name, labels: sequence.labels, scores })
    }
  }
  return found
}
