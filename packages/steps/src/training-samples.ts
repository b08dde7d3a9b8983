import { breathe } from './breathe.ts'
import { UNKNOWN } from './labelled-runs.ts'
import { drain, type FeaturesByView, type LookAhead, see, skipTo } from './look-ahead.ts'
import { type Normaliser, normalising, openNormaliser } from './normalise.ts'
import { featuresOf } from './time-step.ts'
import type { TrainingSequence } from './training-sequence.ts'

/** A labelled step of one view. */
export type Sample = { readonly sequence: number; readonly step: number; readonly label: number }

/** Samples and their normalised features `[dim]`, in the same order. */
export type TrainingSamples = { readonly samples: readonly Sample[]; readonly rows: readonly Float32Array[] }

export type SampledView = {
  readonly viewId: string
  readonly normaliser: Normaliser
  readonly lookAheadSteps: number
  /** Most samples to keep. */
  readonly most: number
  readonly signal?: AbortSignal | undefined
}

/**
 * Runs one view's normaliser over every sequence, unknown steps included, as a station would, and keeps the labelled
 * steps — at most `most`, evenly spaced within each class: steps 250 ms apart are near copies.
 */
export async function trainingSamples(
  sequences: readonly TrainingSequence[],
  { viewId, normaliser, lookAheadSteps, most, signal }: SampledView,
): Promise<TrainingSamples> {
  const wanted = thin(labelledSteps(sequences, viewId), most)
  const samples: Sample[] = []
  const rows: Float32Array[] = []
  for (const [sequence, { steps }] of sequences.entries()) {
    const here = new Map(wanted.filter(sample => sample.sequence === sequence).map(sample => [sample.step, sample]))
    const keep = (step: number, [features]: FeaturesByView) => {
      const sample = here.get(step)
      if (sample === undefined || features === undefined) return
      samples.push(sample)
      rows.push(features)
    }
    const ahead: LookAhead = { seenThrough: 0, readyThrough: 0 }
    const rooms = [normalising(normaliser, openNormaliser(normaliser))]
    for (const [index, step] of steps.entries()) {
      if (index % 64 === 0) await breathe(signal)
      if (step.kind === 'observed') see(rooms, lookAheadSteps, ahead, [featuresOf(step, viewId)], keep)
      else {
        drain(rooms, ahead, keep)
        skipTo(ahead, index + 1)
      }
    }
    drain(rooms, ahead, keep)
  }
  return { samples, rows }
}

function labelledSteps(sequences: readonly TrainingSequence[], viewId: string): readonly Sample[] {
  return sequences.flatMap(({ steps, labels }, sequence) => {
    return Array.from(labels, (label, step): Sample => ({ sequence, step, label })).filter(({ step, label }) => {
      return label !== UNKNOWN && featuresOf(steps[step]!, viewId) !== undefined
    })
  })
}

/** At most `most` samples: every class gives the same number at most, rare classes give all they have. */
function thin(samples: readonly Sample[], most: number): readonly Sample[] {
  if (samples.length <= most) return samples
  const byClass = Map.groupBy(samples, sample => sample.label)
  let cap = 0
  let room = most
  const sizes = [...byClass.values()].map(list => list.length).sort((a, b) => a - b)
  for (const [index, size] of sizes.entries()) {
    cap = Math.floor(room / (sizes.length - index))
    room -= Math.min(size, cap)
  }
  return [...byClass.values()].flatMap(list => {
    const keep = Math.min(list.length, cap)
    return Array.from({ length: keep }, (_, index) => list[Math.floor((index * list.length) / keep)]!)
  })
}
