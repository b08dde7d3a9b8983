import { UNKNOWN } from '../labelled-runs.ts'
import type { FrameLabels } from '../metrics/frame-labels.ts'
import { type SegmentationFigures, segmentationScores } from '../metrics/segmentation-scores.ts'
import { contextFeatureCount, contextFeatures } from './context-features.ts'
import { calibrateScores } from './score-calibration.ts'
import { checkRecordings, type ScoredRecording } from './scored-recording.ts'
import { decodeScores, type SequenceDecoder } from './sequence-decoder.ts'
import { learnSequenceModel } from './sequence-model.ts'
import { fitSoftmaxRegression } from './softmax-regression.ts'
import { blockLabels, blockLogProbabilities, framesInBlock } from './time-blocks.ts'

/** What is chosen by cross-validation: λ of the refinement, or none, and the weight of a block's evidence. */
export type DecoderChoice = { readonly l2: number | null; readonly evidenceWeight: number }

/** The first is taken where nothing can be compared, and wins a tie. A smaller λ starts from the fit of a larger one. */
export const DECODER_CHOICES: readonly DecoderChoice[] = [3e-2, 3e-3, 3e-4, null].flatMap(l2 => {
  return [0.4, 0.2, 0.8, 1.2].map(evidenceWeight => ({ l2, evidenceWeight }))
})

export type SequenceDecoderRequest = {
  readonly recordings: readonly ScoredRecording[]
  readonly classCount: number
  /** Classes that segment scores leave out: the background. */
  readonly ignored?: readonly number[]
  readonly choices?: readonly DecoderChoice[]
  readonly signal?: AbortSignal
  readonly progress?: (share: number) => void
}

/** A choice and its scores on recordings it was not fitted on, which are those that judge it. */
export type JudgedChoice = DecoderChoice & { readonly heldOut: SegmentationFigures }

export type FittedSequenceDecoder = {
  readonly decoder: SequenceDecoder
  readonly choice: DecoderChoice
  /** Empty with fewer than two recordings, or one choice. */
  readonly judged: readonly JudgedChoice[]
}

const MOST_FOLDS = 5
/** Blocks that a refinement learns from; neighbours say nearly the same. */
const MOST_SAMPLES = 4000

/**
 * Learns to decode a classifier's scores from labelled recordings, which should not be those that the classifier itself
 * was fitted on: the calibration of the scores, a refinement of each block by its context, the order and durations of
 * steps. λ and the evidence's weight are those whose held-out recordings score best, by the sum of accuracy, edit and F1.
 * Throws `no_labels`, `scores_malformed`, `labels_misaligned`, `label_out_of_range`, or the signal's reason.
 */
export async function fitSequenceDecoder(request: SequenceDecoderRequest): Promise<FittedSequenceDecoder> {
  const { recordings, classCount, ignored = [], choices = DECODER_CHOICES, signal, progress = () => {} } = request
  checkRecordings(recordings, classCount)
  const blockFrames = framesInBlock(recordings.map(({ labels }) => labels))
  const fit = (training: readonly ScoredRecording[], among: readonly DecoderChoice[]) =>
    fitChoices(training, { classCount, blockFrames, choices: among, signal })

  const foldCount = choices.length > 1 && recordings.length > 1 ? Math.min(MOST_FOLDS, recordings.length) : 0
  // Neighbours in a list are often of one person or one day: they are held out together.
  const foldOf = (at: number) => Math.floor((at * foldCount) / recordings.length)
  const predicted = choices.map((): FrameLabels[] => [])
  for (let fold = 0; fold < foldCount; fold++) {
    progress(fold / (foldCount + 1))
    const training = recordings.filter((_, at) => foldOf(at) !== fold)
    if (!training.some(isLabelled)) continue
    for (const [index, decoder] of (await fit(training, choices)).entries()) {
      for (const held of recordings.filter((_, at) => foldOf(at) === fold))
        predicted[index]!.push(predictKnown(decoder, held))
    }
  }
  const judged = choices.flatMap((choice, index) => {
    const heldOut = segmentationScores(predicted[index]!, ignored).perVideo
    return predicted[index]!.length > 0 ? [{ ...choice, heldOut }] : []
  })
  const best = judged.reduce((a, b) => (merit(b) > merit(a) ? b : a), judged[0] ?? choices[0]!)
  progress(foldCount / (foldCount + 1))
  const fitted = await fit(recordings, pathTo(best, choices))
  progress(1)
  return { decoder: fitted.at(-1)!, choice: { l2: best.l2, evidenceWeight: best.evidenceWeight }, judged }
}

function merit(judged: DecoderChoice | JudgedChoice): number {
  if (!('heldOut' in judged)) return 0
  return Object.values(judged.heldOut).reduce<number>((sum, figure) => sum + (figure ?? 0), 0)
}

/** A choice after those its refinement starts from, so that it is fitted as it was judged. */
function pathTo({ l2, evidenceWeight }: DecoderChoice, choices: readonly DecoderChoice[]): readonly DecoderChoice[] {
  const stronger = choices.filter(choice => l2 !== null && choice.l2 !== null && choice.l2 > l2)
  return [...stronger, { l2, evidenceWeight }]
}

type FitChoices = {
  readonly classCount: number
  readonly blockFrames: number
  readonly choices: readonly DecoderChoice[]
  readonly signal: AbortSignal | undefined
}

/** A decoder for every choice, all fitted on the same recordings. */
async function fitChoices(
  recordings: readonly ScoredRecording[],
  { classCount, blockFrames, choices, signal }: FitChoices,
): Promise<readonly SequenceDecoder[]> {
  const calibration = await calibrateScores(recordings, { classCount, signal })
  const labels = recordings.map(recording => blockLabels(recording.labels, blockFrames))
  const common = { classCount, calibration, blockFrames, model: learnSequenceModel(labels, classCount) }
  const contexts = recordings.map(({ scores }) => contextFeatures(blockLogProbabilities(scores, common), classCount))
  const samples = samplesOf(contexts, labels, classCount)
  const refinements = new Map<number | null, Float64Array | null>([[null, null]])
  let start: Float64Array | undefined
  for (const { l2 } of choices) {
    if (l2 === null || refinements.has(l2)) continue
    start = await fitSoftmaxRegression({ ...samples, classCount }, { l2, start, signal })
    refinements.set(l2, start)
  }
  return choices.map(({ l2, evidenceWeight }) => ({ ...common, evidenceWeight, refinement: refinements.get(l2)! }))
}

/** Every so many labelled blocks, so that no more are taken than are needed. */
function samplesOf(contexts: readonly Float32Array[], labels: readonly Int16Array[], classCount: number) {
  const width = contextFeatureCount(classCount)
  const known = contexts.flatMap((context, index) => {
    return Array.from(labels[index]!, (label, at) => ({ label, row: context.subarray(at * width, (at + 1) * width) }))
  })
  const labelled = known.filter(({ label }) => label !== UNKNOWN)
  const taken = labelled.filter((_, at) => at % Math.ceil(labelled.length / MOST_SAMPLES) === 0)
  const features = new Float32Array(taken.length * width)
  for (const [index, { row }] of taken.entries()) features.set(row, index * width)
  return { features, labels: Int16Array.from(taken, ({ label }) => label) }
}

/** A held-out recording's labels and what is decoded there; frames whose label is unknown are left out of both. */
function predictKnown(decoder: SequenceDecoder, { scores, labels }: ScoredRecording): FrameLabels {
  const isKnown = (_: number, frame: number) => labels[frame] !== UNKNOWN
  return { truth: labels.filter(isKnown), predicted: decodeScores(decoder, scores).filter(isKnown) }
}

function isLabelled({ labels }: ScoredRecording): boolean {
  return labels.some(label => label !== UNKNOWN)
}
