import { semiMarkovPath } from '../hmm/semi-markov-path.ts'
import { contextFeatures } from './context-features.ts'
import type { ScoreCalibration } from './score-calibration.ts'
import { checkScores } from './scored-recording.ts'
import type { SequenceModel } from './sequence-model.ts'
import { softmaxRegression } from './softmax-regression.ts'
import { blockLogProbabilities, spreadOverFrames } from './time-blocks.ts'

/** Turns a classifier's frame scores into steps, all of a recording at once: for recordings, not for a live station. */
export type SequenceDecoder = {
  readonly classCount: number
  readonly calibration: ScoreCalibration
  readonly blockFrames: number
  /** Weights `[class, feature]` over `contextFeatures`, or null where scores are taken as they are. */
  readonly refinement: Float64Array | null
  readonly model: SequenceModel
  /** Exponent of a block's evidence: neighbouring blocks see nearly the same, so each counts for less than one. */
  readonly evidenceWeight: number
}

/** Share of every block's probability spread evenly: no single block rules a class out. */
const DOUBT = 1e-3

/** The class of each frame, `[time]`, from scores `[time, class]`. Throws `scores_malformed`. */
export function decodeScores(decoder: SequenceDecoder, scores: Float32Array): Int16Array {
  checkScores(scores, decoder.classCount)
  const blocks = decodeBlocks(decoder, refineScores(decoder, scores))
  return spreadOverFrames(blocks, decoder.blockFrames, scores.length / decoder.classCount)
}

/** ln P(class) of each block, `[block, class]`, refined by what comes before and after. */
export function refineScores(decoder: SequenceDecoder, scores: Float32Array): Float64Array {
  const { classCount, refinement } = decoder
  const raw = blockLogProbabilities(scores, decoder)
  return refinement === null ? raw : softmaxRegression(refinement, contextFeatures(raw, classCount), classCount)
}

/**
 * The best explicit-duration path through log-probabilities `[block, class]`, as the class of each block. Raw scores
 * are divided by the class's share of time, which makes of P(k | x) the likelihood that the model multiplies; a
 * refinement has learnt how often a class comes where.
 */
function decodeBlocks(
  { classCount, refinement, model, evidenceWeight }: SequenceDecoder,
  logProbabilities: Float64Array,
): Int16Array {
  const evidence = logProbabilities.map((value, at) => {
    const share = refinement === null ? model.logShares[at % classCount]! : 0
    return evidenceWeight * (Math.log((1 - DOUBT) * Math.exp(value) + DOUBT / classCount) - share)
  })
  const classes = new Int16Array(logProbabilities.length / classCount)
  for (const { classIndex, start, end } of semiMarkovPath(model.segments, evidence))
    classes.fill(classIndex, start, end)
  return classes
}
