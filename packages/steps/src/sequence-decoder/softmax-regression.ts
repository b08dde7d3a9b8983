import { minimise } from '../lbfgs.ts'
import { logSoftmax } from './log-softmax.ts'

/** Samples `[sample, feature]` with their classes. */
export type Samples = {
  readonly features: Float32Array
  readonly labels: Int16Array
  readonly classCount: number
}

/** λ; an earlier fit to start from. */
export type RegressionOptions = {
  readonly l2: number
  readonly start?: Float64Array | undefined
  readonly signal?: AbortSignal | undefined
}

const MOST_ITERATIONS = 40

/**
 * Weights `[class, feature]` of least Σ −ln softmax(W x)[y] / n + λ ‖W‖² / 2. Unlike the scorer's regression, which
 * works in the span of few samples of many features, it works in the features. Throws the signal's reason.
 */
export async function fitSoftmaxRegression(samples: Samples, options: RegressionOptions): Promise<Float64Array> {
  const { features, labels, classCount } = samples
  const { l2, signal } = options
  const featureCount = features.length / labels.length
  const objective = (weights: Float64Array) => {
    const gradient = weights.map(weight => l2 * weight)
    let value = weights.reduce((sum, weight) => sum + weight * weight, 0) * (l2 / 2)
    for (let i = 0; i < labels.length; i++) {
      const x = features.subarray(i * featureCount, (i + 1) * featureCount)
      const logs = rowLogits(weights, x, classCount)
      logSoftmax(logs)
      value -= logs[labels[i]!]! / labels.length
      for (let k = 0; k < classCount; k++) {
        const pull = (Math.exp(logs[k]!) - (k === labels[i] ? 1 : 0)) / labels.length
        const row = k * featureCount
        for (let f = 0; f < featureCount; f++) gradient[row + f]! += pull * x[f]!
      }
    }
    return { value, gradient }
  }
  const start = options.start ?? new Float64Array(classCount * featureCount)
  return (await minimise(objective, start, { maxIterations: MOST_ITERATIONS, signal })).x
}

/** ln softmax(W x) of rows of features, `[row, class]`. */
export function softmaxRegression(weights: Float64Array, features: Float32Array, classCount: number): Float64Array {
  const featureCount = weights.length / classCount
  const count = features.length / featureCount
  const logs = new Float64Array(count * classCount)
  for (let i = 0; i < count; i++) {
    const row = rowLogits(weights, features.subarray(i * featureCount, (i + 1) * featureCount), classCount)
    logSoftmax(row)
    logs.set(row, i * classCount)
  }
  return logs
}

/** W x; four partial sums, none of which waits for another: this is the hot loop of a fit. */
function rowLogits(weights: Float64Array, x: Float32Array, classCount: number): Float64Array {
  const logits = new Float64Array(classCount)
  for (let k = 0; k < classCount; k++) {
    const row = k * x.length
    let [s0, s1, s2, s3] = [0, 0, 0, 0]
    let f = 0
    for (; f + 4 <= x.length; f += 4) {
      s0 += weights[row + f]! * x[f]!
      s1 += weights[row + f + 1]! * x[f + 1]!
      s2 += weights[row + f + 2]! * x[f + 2]!
      s3 += weights[row + f + 3]! * x[f + 3]!
    }
    for (; f < x.length; f++) s0 += weights[row + f]! * x[f]!
    logits[k] = s0 + s1 + s2 + s3
  }
  return logits
}
