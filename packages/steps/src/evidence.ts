import type { FeaturesByView } from './look-ahead.ts'
import type { StepHead, ViewScorer } from './step-head.ts'

/** Share of every step's probability spread evenly: no single step rules a class out, whatever the features say. */
const DOUBT = 1e-3

/**
 * Log evidence of each class at one step, `[class]`:
 *   p ∝ Π_views softmax((W z + b)/T),  evidence = κ · ln((1 − ε) p + ε / K).
 * Class-balanced training makes p a likelihood ratio, which is what the hidden Markov model multiplies.
 */
export function logEvidence(head: StepHead, features: FeaturesByView): Float32Array {
  const classCount = head.classes.length
  const sum = new Float64Array(classCount)
  for (const [index, view] of head.views.entries()) {
    const z = features[index]
    if (z === undefined) continue
    const logits = viewLogits(view, z)
    const logTotal = logSumExp(logits)
    for (let k = 0; k < classCount; k++) sum[k]! += logits[k]! - logTotal
  }
  const logTotal = logSumExp(sum)
  return Float32Array.from(sum, s => {
    return head.evidenceWeight * Math.log((1 - DOUBT) * Math.exp(s - logTotal) + DOUBT / classCount)
  })
}

function viewLogits({ weights, biases, temperature }: ViewScorer, z: Float32Array): Float64Array {
  return Float64Array.from(biases, (bias, k) => (bias + dot(weights, k * z.length, z)) / temperature)
}

/** Four partial sums keep the adder busy: this is the hot loop of a station. */
function dot(weights: Float32Array, at: number, z: Float32Array): number {
  let [a, b, c, d] = [0, 0, 0, 0]
  let j = 0
  for (; j + 3 < z.length; j += 4) {
    a += weights[at + j]! * z[j]!
    b += weights[at + j + 1]! * z[j + 1]!
    c += weights[at + j + 2]! * z[j + 2]!
    d += weights[at + j + 3]! * z[j + 3]!
  }
  for (; j < z.length; j++) a += weights[at + j]! * z[j]!
  return a + b + c + d
}

/** ln Σ exp, with the largest taken out. */
export function logSumExp(values: Float64Array): number {
  let largest = -Infinity
  for (const value of values) largest = Math.max(largest, value)
  let sum = 0
  for (const value of values) sum += Math.exp(value - largest)
  return largest + Math.log(sum)
}
