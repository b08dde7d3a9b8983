import { UNKNOWN } from '../labelled-runs.ts'
import { type SegmentationFigures, segmentationScores } from '../metrics/segmentation-scores.ts'
import { contextFeatureCount, contextFeatures } from './context-features.ts'
import { calibrateScores } from './score-calibration.ts'
import { checkRecordings, type ScoredRecording } from './scored-recording.ts'
import { decodeBlocks, type SequenceDecoder } from './sequence-decoder.ts'
import { learnSequenceModel } from './sequence-model.ts'
import { fitSoftmaxRegression, softmaxRegression } from './softmax-regression.ts'
import { blockLabels, blockLogProbabilities, framesInBlock } from './time-blocks.ts'

/** What is chosen by cross-validation: λ of the refinement, or none, and the weight of a block's evidence. */
export type DecoderChoice = { readonly l2: number | null; readonly evidenceWeight: number }

/** The first is taken where nothing can be compared, and wins a tie. A smaller λ starts from the fit of a larger one. */
export const DECODER_CHOICES: readonly DecoderChoice[] = [3e-3, 3e-4, null].flatMap(l2 => {
  return [0.4, 0.2, 0.8].map(evidenceWeight => ({ l2, evidenceWeight }))
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

/** A recording by block: log-probabilities `[block, class]`, their context and their labels. */
type Blocks = { readonly logs: Float64Array; readonly features: Float32Array; readonly labels: Int16Array }

/**
 * Learns to decode a classifier's scores from labelled recordings, which should not be those that the classifier itself
 * was fitted on: the calibration of the scores, a refinement of each block by its context, the order and durations of steps.
 * λ and the evidence's weight are those whose held-out recordings score best, by the sum of accuracy, edit and F1.
 * Throws `no_labels`, `scores_malformed`, `labels_misaligned`, `label_out_of_range`, or the signal's reason.
 */
export async function fitSequenceDecoder(request: SequenceDecoderRequest): Promise<FittedSequenceDecoder> {
  const { recordings, classCount, ignored = [], choices = DECODER_CHOICES, signal, progress = () => {} } = request
  checkRecordings(recordings, classCount)
  const calibration = await calibrateScores(recordings, { classCount, signal })
  const blockFrames = framesInBlock(recordings.map(({ labels }) => labels))
  const blocks = recordings.map(({ scores, labels }): Blocks => {
    const logs = blockLogProbabilities(scores, { classCount, blockFrames, calibration })
    return { logs, features: contextFeatures(logs, classCount), labels: blockLabels(labels, blockFrames) }
  })

  const foldCount = choices.length > 1 ? Math.min(MOST_FOLDS, blocks.length) : 0
  const predicted = choices.map((): { truth: Int16Array; predicted: Int16Array }[] => [])
  for (let fold = 0; fold < foldCount && foldCount > 1; fold++) {
    progress(fold / (foldCount + 1))
    const training = blocks.filter((_, index) => index % foldCount !== fold)
    if (!training.some(isLabelled)) continue
    const decoders = await fitChoices(training, { classCount, choices, signal })
    for (const held of blocks.filter((_, index) => index % foldCount === fold)) {
      for (const [index, decoder] of decoders.entries()) predicted[index]!.push(predictKnown(decoder, held))
    }
  }
  const judged = choices.flatMap((choice, index) => {
    const heldOut = segmentationScores(predicted[index]!, ignored).perVideo
    return predicted[index]!.length > 0 ? [{ ...choice, heldOut }] : []
  })
  const best = judged.reduce((a, b) => (merit(b) > merit(a) ? b : a), judged[0] ?? choices[0]!)
  progress(foldCount / (foldCount + 1))
  const fitted = await fitChoices(blocks, { classCount, choices: pathTo(best, choices), signal })
  progress(1)
  const choice = { l2: best.l2, evidenceWeight: best.evidenceWeight }
  return { decoder: { ...fitted.at(-1)!, calibration, blockFrames }, choice, judged }
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

type BlockDecoder = Omit<SequenceDecoder, 'calibration' | 'blockFrames'>

type FitChoices = {
  readonly classCount: number
  readonly choices: readonly DecoderChoice[]
  readonly signal: AbortSignal | undefined
}

/** A decoder for every choice, all fitted on the same blocks. */
async function fitChoices(
  blocks: readonly Blocks[],
  { classCount, choices, signal }: FitChoices,
): Promise<readonly BlockDecoder[]> {
  const model = learnSequenceModel(
    blocks.map(({ labels }) => labels),
    classCount,
  )
  const samples = samplesOf(blocks, classCount)
  const refinements = new Map<number | null, Float64Array | null>([[null, null]])
  let start: Float64Array | undefined
  for (const { l2 } of choices) {
    if (l2 === null || refinements.has(l2)) continue
    start = await fitSoftmaxRegression({ ...samples, classCount }, { l2, start, signal })
    refinements.set(l2, start)
  }
  return choices.map(({ l2, evidenceWeight }) => {
    return { classCount, model, evidenceWeight, refinement: refinements.get(l2)! }
  })
}

/** Every so many labelled blocks, so that no more are taken than are needed. */
function samplesOf(blocks: readonly Blocks[], classCount: number) {
  const width = contextFeatureCount(classCount)
  const known = blocks.flatMap(({ features, labels }) => {
    return Array.from(labels, (label, at) => ({ label, row: features.subarray(at * width, (at + 1) * width) }))
  })
  const labelled = known.filter(({ label }) => label !== UNKNOWN)
  const taken = labelled.filter((_, at) => at % Math.ceil(labelled.length / MOST_SAMPLES) === 0)
  const features = new Float32Array(taken.length * width)
  for (const [index, { row }] of taken.entries()) features.set(row, index * width)
  return { features, labels: Int16Array.from(taken, ({ label }) => label) }
}

/** A held-out recording's labels and what is decoded there; blocks whose label is unknown are left out of both. */
function predictKnown(decoder: BlockDecoder, { logs, features, labels }: Blocks) {
  const { refinement, classCount } = decoder
  const refined = refinement === null ? logs : softmaxRegression(refinement, features, classCount)
  const decoded = decodeBlocks(decoder, refined)
  const isKnown = (_: number, at: number) => labels[at] !== UNKNOWN
  return { truth: labels.filter(isKnown), predicted: decoded.filter(isKnown) }
}

function isLabelled({ labels }: Blocks): boolean {
  return labels.some(label => label !== UNKNOWN)
}
