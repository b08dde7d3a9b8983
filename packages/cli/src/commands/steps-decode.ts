import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import {
  decodeByPlainHmm,
  decodeScores,
  type FrameLabels,
  fitPlainHmm,
  fitSequenceDecoder,
  type SegmentationFigures,
  segmentationScores,
} from '@takt/steps'
import { cliError } from '../errors.ts'
import { readClassNames } from '../steps/read-class-names.ts'
import { type NamedRecording, readList, readScoredRecording } from '../steps/read-scored-recordings.ts'

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
  const classNames = await readClassNames(request.mapping ?? findMapping(request))
  const [trainNames, testNames] = [await readList(request.train), await readList(request.test)]
  const both = testNames.find(name => trainNames.includes(name))
  if (both !== undefined)
    throw cliError('file-malformed', { file: request.test, reason: `${both} is in ${request.train} too` })
  const read = (names: readonly string[]) => readAll({ ...request, classNames }, names)
  const [training, tested] = [await read(trainNames), await read(testNames)]

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
    frames: predict(tested, scores => largestScores(scores, classCount)),
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
  const row = ({ accuracy, edit, f1At10, f1At25, f1At50 }: SegmentationFigures) =>
    [accuracy, edit, f1At10, f1At25, f1At50].map(figure => (figure?.toFixed(1) ?? '–').padStart(8)).join('')
  const heading = ['acc', 'edit', 'F1@10', 'F1@25', 'F1@50'].map(title => title.padStart(8)).join('')
  return [
    `${'per video'.padEnd(12)}${heading}`,
    ...Object.entries(results).map(([name, { perVideo }]) => `${name.padEnd(12)}${row(perVideo)}`),
  ]
}

function findMapping({ scores, labels }: DecodeRequest): string {
  const places = [labels, scores, dirname(join(labels, '.')), dirname(join(scores, '.'))]
  const files = places.map(place => join(place, 'mapping.txt'))
  const found = files.find(file => existsSync(file))
  if (found === undefined) throw cliError('file-unreadable', { file: files[0]!, reason: 'there is none, nor above' })
  return found
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

/** The class of the largest score of each frame. */
function largestScores(scores: Float32Array, classCount: number): Int16Array {
  return Int16Array.from({ length: scores.length / classCount }, (_, frame) => {
    const row = scores.subarray(frame * classCount, (frame + 1) * classCount)
    return row.indexOf(row.reduce((a, b) => Math.max(a, b)))
  })
}
