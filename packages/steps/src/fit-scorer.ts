import type { FoldAssignment } from './folds.ts'
import { gramMatrix } from './gram.ts'
import type { LinearScorer } from './linear-scorer.ts'
import { balancedWeights, fitLogistic, type LogisticFit } from './logistic.ts'
import type { Normaliser } from './normalise.ts'
import { calibrateTemperature, negativeLogLikelihood } from './temperature.ts'
import type { Sample, TrainingSamples } from './training-samples.ts'

/** L2 strengths tried until the loss rises, on features scaled by 1/√dim; each fit starts from the last. */
const L2_CANDIDATES = [1e-1, 1e-2, 1e-3] as const

export type ScorerRequest = {
  readonly viewId: string
  readonly normaliser: Normaliser
  readonly training: TrainingSamples
  readonly classCount: number
  readonly folds: FoldAssignment
  /** How much a sample counts beside others of its class. */
  readonly importanceOf: (sample: Sample) => number
  readonly signal?: AbortSignal | undefined
}

/** A view's scorer fitted on all samples, and one for each fold, fitted without that fold. */
export type FittedScorer = {
  readonly scorer: LinearScorer
  readonly withoutFold: readonly LinearScorer[]
  /** Negative log-likelihood of held-out samples, classes weighing the same. */
  readonly heldOutLoss: number
}

/**
 * Fits one view's logistic regression. The L2 strength and then the temperature are those of the least
 * held-out loss, classes weighing the same; the Gram matrix is shared by all fits.
 */
export async function fitScorer(request: ScorerRequest): Promise<FittedScorer> {
  const { training, classCount, importanceOf, signal } = request
  const { foldOf, foldCount } = request.folds
  const labels = Int16Array.from(training.samples, sample => sample.label)
  const folds = training.samples.map(foldOf)
  const importance = training.samples.map(importanceOf)
  const gram = await gramMatrix(training.rows, signal)
  const fit = (l2: number, leftOut: number, start?: LogisticFit) => {
    const used = (sample: number) => (leftOut >= 0 && folds[sample] === leftOut ? 0 : importance[sample]!)
    const sampleWeights = balancedWeights(labels, classCount, used)
    return fitLogistic({ gram, labels, classCount, sampleWeights, l2, start, signal })
  }
  const scorer = (fitted: LogisticFit, temperature: number) => scorerOf(request, fitted, temperature)
  const isJudge = judges(labels, folds)
  const heldOutWeights = balancedWeights(labels, classCount, sample => (isJudge(sample) ? importance[sample]! : 0))
  let last: readonly LogisticFit[] = []
  let best: { l2: number; loss: number; temperature: number; fits: readonly LogisticFit[] } | undefined
  for (const l2 of L2_CANDIDATES) {
    const fits: LogisticFit[] = []
    for (let fold = 0; fold < foldCount; fold++) fits.push(await fit(l2, fold, last[fold]))
    last = fits
    const heldOut = { logits: heldOutLogits(fits, folds), labels, sampleWeights: heldOutWeights }
    const temperature = calibrateTemperature(heldOut)
    const loss = negativeLogLikelihood(heldOut, temperature)
    if (best !== undefined && loss > best.loss) break
    best = { l2, loss, temperature, fits }
  }
  const { l2, loss, temperature, fits } = best!
  return {
    scorer: scorer(await fit(l2, -1), temperature),
    withoutFold: fits.map(fitted => scorer(fitted, temperature)),
    heldOutLoss: loss,
  }
}

/** Which held-out samples can judge a fit: those whose class has examples outside their fold. */
export function judges(labels: Int16Array, folds: readonly number[]): (sample: number) => boolean {
  const foldsOf = new Map<number, Set<number>>()
  for (const [sample, label] of labels.entries()) {
    foldsOf.set(label, (foldsOf.get(label) ?? new Set()).add(folds[sample]!))
  }
  return sample => folds[sample]! >= 0 && foldsOf.get(labels[sample]!)!.size > 1
}

/** Every sample's logits from the fit that did not see its fold, `[class, count]`. */
function heldOutLogits(fits: readonly LogisticFit[], folds: readonly number[]): Float64Array {
  const logits = fits[0]!.logits.slice()
  const count = folds.length
  for (const [sample, fold] of folds.entries()) {
    if (fold < 0) continue
    for (let at = sample; at < logits.length; at += count) logits[at] = fits[fold]!.logits[at]!
  }
  return logits
}

/** W = Σᵢ Aᵢ zᵢ / dim and b = Σᵢ Aᵢ, from the span of the samples back to the features. */
function scorerOf(
  { viewId, normaliser, training, classCount }: ScorerRequest,
  { coefficients }: LogisticFit,
  temperature: number,
): LinearScorer {
  const { rows } = training
  const dim = normaliser.priorMean.length
  const weights = new Float32Array(classCount * dim)
  const biases = new Float32Array(classCount)
  for (let k = 0; k < classCount; k++) {
    const sum = new Float64Array(dim)
    let bias = 0
    for (const [i, row] of rows.entries()) {
      const coefficient = coefficients[k * rows.length + i]!
      if (coefficient === 0) continue
      bias += coefficient
      for (let j = 0; j < dim; j++) sum[j]! += coefficient * row[j]!
    }
    for (let j = 0; j < dim; j++) weights[k * dim + j] = sum[j]! / dim
    biases[k] = bias
  }
  return { kind: 'linear', viewId, normaliser, weights, biases, temperature }
}
