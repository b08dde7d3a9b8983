import {
  DECODER_CHOICES,
  type DecoderChoice,
  decodeByPlainHmm,
  decodeScores,
  type FrameLabels,
  fitPlainHmm,
  fitSequenceDecoder,
  refineScores,
  type ScoredRecording,
  type SequenceDecoder,
  segmentationScores,
} from '@takt/steps'
import type { Figures } from '../benchmark.ts'
import { significant } from '../measure/round.ts'
import { scoredClassCount as classCount, drawRecordings, hardScores } from './synthetic-scores.ts'

export interface AblationSizes {
  readonly seeds: readonly number[]
  readonly recordings: number
  /** Fifths of a seed's recordings that are tested, each with a decoder fitted on the others. */
  readonly folds: readonly number[]
  readonly choices: readonly DecoderChoice[]
  readonly say: (line: string) => void
  readonly signal: AbortSignal
}

type Predictions = Readonly<
  Record<'frames' | 'plainHmm' | 'withoutRefinement' | 'withoutDecoder' | 'decoder', FrameLabels[]>
>

/** What each part of the sequence decoder is worth on scores as hard as a real classifier's; per-video means. */
export async function scoreAblation({
  seeds,
  recordings: count,
  folds,
  choices,
  say,
  signal,
}: AblationSizes): Promise<Figures> {
  const all: Predictions = { frames: [], plainHmm: [], withoutRefinement: [], withoutDecoder: [], decoder: [] }
  for (const seed of seeds) {
    const recordings = drawRecordings(hardScores, { count, seed })
    for (const fold of folds) {
      const training = recordings.filter((_, at) => at % 5 !== fold)
      const tested = recordings.filter((_, at) => at % 5 === fold)
      const methods = await fitMethods(training, choices, signal)
      for (const [name, decode] of Object.entries(methods) as [keyof Predictions, Decode][])
        for (const { scores, labels } of tested) all[name].push({ truth: labels, predicted: decode(scores) })
      say(`scores of seed ${seed}, fold ${fold}`)
    }
  }
  const figures = Object.entries(all).map(([name, sequences]): [string, Figures] => {
    const { perVideo } = segmentationScores(sequences, [])
    return [name, Object.fromEntries(Object.entries(perVideo).map(([key, value]) => [key, significant(value ?? 0)]))]
  })
  return { seeds: seeds.length, tested: all.frames.length, ...Object.fromEntries(figures) }
}

type Decode = (scores: Float32Array) => Int16Array

async function fitMethods(
  recordings: readonly ScoredRecording[],
  choices: readonly DecoderChoice[],
  signal: AbortSignal,
) {
  const fit = async (among: readonly DecoderChoice[]) =>
    (await fitSequenceDecoder({ recordings, classCount, choices: among, signal })).decoder
  const plain = await fitPlainHmm(recordings, classCount)
  const decoder = await fit(choices)
  const unrefined = await fit(DECODER_CHOICES.filter(({ l2 }) => l2 === null))
  return {
    frames: scores => likeliest(Float64Array.from(scores), 1, scores.length / classCount),
    plainHmm: scores => decodeByPlainHmm(plain, scores),
    withoutRefinement: scores => decodeScores(unrefined, scores),
    withoutDecoder: scores => likeliestRefined(decoder, scores),
    decoder: scores => decodeScores(decoder, scores),
  } satisfies Record<keyof Predictions, Decode>
}

function likeliestRefined(decoder: SequenceDecoder, scores: Float32Array): Int16Array {
  return likeliest(refineScores(decoder, scores), decoder.blockFrames, scores.length / classCount)
}

/** The class of the largest score in each row, over that row's frames. */
function likeliest(rows: Float64Array, framesInRow: number, frames: number): Int16Array {
  return Int16Array.from({ length: frames }, (_, frame) => {
    const from = Math.floor(frame / framesInRow) * classCount
    const row = rows.subarray(from, from + classCount)
    return row.indexOf(row.reduce((a, b) => Math.max(a, b)))
  })
}
