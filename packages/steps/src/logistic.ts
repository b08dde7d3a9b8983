import { minimise } from './lbfgs.ts'

/** A multinomial regression problem in the span of its samples. */
export type LogisticProblem = {
  /** `[count, count]`, from `gramMatrix`. */
  readonly gram: Float32Array
  /** Class of each sample. */
  readonly labels: Int16Array
  readonly classCount: number
  /** Weight of each sample, summing to 1; a sample of weight 0 is held out, yet scored. */
  readonly sampleWeights: Float64Array
  /** λ. */
  readonly l2: number
  /** Share of the first gradient to stop at; 1e-2 by default, beyond which held-out scores no longer gain. */
  readonly tolerance?: number
  /** An earlier fit to start from: the optimum is the same, and nearer. */
  readonly start?: LogisticFit | undefined
  readonly signal?: AbortSignal | undefined
}

/** Coefficients A of W = A Z / dim, and the logits A G of every sample, each `[class, count]`. */
export type LogisticFit = { readonly coefficients: Float64Array; readonly logits: Float64Array }

/**
 * Multinomial logistic regression with L2,  min Σ wᵢ CE(softmax(W φᵢ), yᵢ) + λ/2 ‖W‖².
 * The optimum lies in the span of the samples (representer theorem), W = Σᵢ Aᵢ φᵢ, so with 3,072 features and fewer
 * samples the search runs over A in the metric of the Gram matrix: ⟨A, B⟩ = tr(A G Bᵀ), gradient R + λ A with the
 * residuals R = w (softmax − onehot). A point is kept as (A, A G) side by side, both linear in it, so that inner
 * products and logits cost no further product with G.
 */
export async function fitLogistic(problem: LogisticProblem): Promise<LogisticFit> {
  const { gram, labels, classCount, sampleWeights, l2, start, tolerance = 1e-2, signal } = problem
  const count = labels.length
  const size = classCount * count
  const inner = (a: Float64Array, b: Float64Array) => {
    let sum = 0
    for (let i = 0; i < size; i++) sum += a[i]! * b[size + i]!
    return sum
  }
  const objective = (point: Float64Array) => {
    const { loss, residuals } = crossEntropy(point.subarray(size), labels, classCount, sampleWeights)
    const gradient = new Float64Array(2 * size)
    gradient.set(residuals)
    timesGram(residuals, gram, count, gradient.subarray(size))
    for (let i = 0; i < 2 * size; i++) gradient[i]! += l2 * point[i]!
    return { value: loss + (l2 / 2) * inner(point, point), gradient }
  }
  const from = new Float64Array(2 * size)
  if (start !== undefined) {
    from.set(start.coefficients)
    from.set(start.logits, size)
  }
  const { x } = await minimise(objective, from, { inner, signal, tolerance })
  return { coefficients: x.slice(0, size), logits: x.slice(size) }
}

/** Weights in proportion to the samples' importance, 0 or more, that give every class the same total; they sum to 1. */
export function balancedWeights(
  labels: Int16Array,
  classCount: number,
  importance: (sample: number) => number = () => 1,
): Float64Array {
  const totals = new Float64Array(classCount)
  for (const [sample, label] of labels.entries()) totals[label]! += importance(sample)
  const present = totals.filter(total => total > 0).length
  return Float64Array.from(labels, (label, sample) => {
    return totals[label] === 0 ? 0 : importance(sample) / (present * totals[label]!)
  })
}

function crossEntropy(logits: Float64Array, labels: Int16Array, classCount: number, sampleWeights: Float64Array) {
  const count = labels.length
  const residuals = new Float64Array(classCount * count)
  let loss = 0
  for (let i = 0; i < count; i++) {
    const weight = sampleWeights[i]!
    if (weight === 0) continue
    let largest = -Infinity
    for (let k = 0; k < classCount; k++) largest = Math.max(largest, logits[k * count + i]!)
    let total = 0
    for (let k = 0; k < classCount; k++) total += Math.exp(logits[k * count + i]! - largest)
    const logTotal = largest + Math.log(total)
    const label = labels[i]!
    loss += weight * (logTotal - logits[label * count + i]!)
    for (let k = 0; k < classCount; k++) {
      const probability = Math.exp(logits[k * count + i]! - logTotal)
      residuals[k * count + i] = weight * (probability - (k === label ? 1 : 0))
    }
  }
  return { loss, residuals }
}

/** out = R G for R `[class, count]` and symmetric G, four rows of G at a time. */
function timesGram(r: Float64Array, gram: Float32Array, count: number, out: Float64Array): void {
  const row = (i: number) => gram.subarray(i * count, (i + 1) * count)
  for (let i = 0; i < count; i += 4) {
    // The last rows repeat where count is no multiple of four.
    const [i1, i2, i3] = [Math.min(i + 1, count - 1), Math.min(i + 2, count - 1), Math.min(i + 3, count - 1)]
    const [g0, g1, g2, g3] = [row(i), row(i1), row(i2), row(i3)]
    for (let k = 0; k < r.length; k += count) {
      let [s0, s1, s2, s3] = [0, 0, 0, 0]
      for (let j = 0; j < count; j++) {
        const residual = r[k + j]!
        s0 += g0[j]! * residual
        s1 += g1[j]! * residual
        s2 += g2[j]! * residual
        s3 += g3[j]! * residual
      }
      out[k + i] = s0
      out[k + i1] = s1
      out[k + i2] = s2
      out[k + i3] = s3
    }
  }
}
