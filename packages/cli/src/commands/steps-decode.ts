import {
  decodeByPlainHmm,
  decodeScores,
  type FrameLabels,
  fitPlainHmm,
  fitSequenceDecoder,
  largestClasses,
  segmentationScores,
} from '@takt/steps'
import { figureLines } from '../steps/figure-lines.ts'
import { findMapping } from '../steps/find-mapping.ts'
import { readClassNames } from '../steps/read-class-names.ts'
import { readLists } from '../steps/read-lists.ts'
import { type NamedRecording, readScoredRecording } from '../steps/read-scored-recordings.ts'

/** What the official evaluation leaves out of edit and F1. */
const BACKGROUND_NAME = 'background'

export interface DecodeRequest {
  readonly scores: string
  readonly labels: string
  readonly train: string
  readonly test: string
  /** `mapping.txt` beside or above the labels or the scores, unless given. */
  readonly mapping: string | undefined
  readonly say: (line: string) => void
}

/**
 * Fits a decoder of frame scores on the training recordings and scores what it makes of the tested ones, beside the
 * classifier's own choice and a plain hidden Markov model fitted on the same. Labels of tested recordings only score.
 */
export async function decodeScoreFiles(request: DecodeRequest) {
  const { say } = request
  const classNames = await readClassNames(request.mapping ?? findMapping([request.labels, request.scores]))
  const { train, test } = await readLists(request)
  const read = (names: readonly string[]) => readAll({ ...request, classNames }, names)
  const [training, tested] = [await read(train), await read(test)]

  const classCount = classNames.length
  const ignored = classNames.includes(BACKGROUND_NAME) ? [classNames.indexOf(BACKGROUND_NAME)] : []
  say(`fitting on ${training.length} recordings`)
  const plain = await fitPlainHmm(training, classCount)
  const started = performance.now()
  const { decoder, choice, judged } = await fitSequenceDecoder({
    recordings: training,
    classCount,
    ignored,
    progress: share => say(`${Math.round(100 * share)} %`),
  })
  const fitSeconds = (performance.now() - started) / 1000
  const predictions = {
    frames: predict(tested, scores => largestClasses(scores, classCount)),
    hmm: predict(tested, scores => decodeByPlainHmm(plain, scores)),
    decoder: predict(tested, scores => decodeScores(decoder, scores)),
  }
  return {
    classes: classCount,
    ignored: ignored.map(index => classNames[index]!),
    train: training.length,
    test: tested.length,
    fitSeconds,
    choice: { refinement: choice.l2 !== null, ...choice },
    heldOut: judged,
    results: {
      frames: segmentationScores(predictions.frames, ignored),
      hmm: segmentationScores(predictions.hmm, ignored),
      decoder: segmentationScores(predictions.decoder, ignored),
    },
  }
}

/** A line a method, per-video means, as the field prints them. */
export function decodeLines({ results }: Awaited<ReturnType<typeof decodeScoreFiles>>): readonly string[] {
  const { frames, hmm, decoder } = results
  return figureLines('per video', { frames: frames.perVideo, hmm: hmm.perVideo, decoder: decoder.perVideo })
}

async function readAll(folders: Parameters<typeof readScoredRecording>[0], names: readonly string[]) {
  const recordings: NamedRecording[] = []
  for (const name of names) recordings.push(await readScoredRecording(folders, name))
  return recordings
}

function predict(
  recordings: readonly NamedRecording[],
  decode: (scores: Float32Array) => Int16Array,
): readonly FrameLabels[] {
  return recordings.map(({ scores, labels }) => ({ truth: labels, predicted: decode(scores) }))
}
