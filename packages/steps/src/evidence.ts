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

/** (W z + b) / T. Four classes share each load of z: this is the hot loop of a station. */
function viewLogits({ weights, biases, temperature }: ViewScorer, z: Float32Array): Float64Array {
  const last = biases.length - 1
  const row = (k: number) => weights.subarray(k * z.length, (k + 1) * z.length)
  const logits = new Float64Array(biases.length)
  for (let k = 0; k <= last; k += 4) {
    // The last class repeats where their number is no multiple of four.
    const [k1, k2, k3] = [Math.min(k + 1, last), Math.min(k + 2, last), Math.min(k + 3, last)]
    const [w0, w1, w2, w3] = [row(k), row(k1), row(k2), row(k3)]
    let s0 = 0
    let s1 = 0
    let s2 = 0
    let s3 = 0
    for (let j = 0; j < z.length; j++) {
      const value = z[j]!
      s0 += w0[j]! * value
      s1 += w1[j]! * value
      s2 += w2[j]! * value
      s3 += w3[j]! * value
    }
    logits[k] = (s0 + biases[k]!) / temperature
    logits[k1] = (s1 + biases[k1]!) / temperature
    logits[k2] = (s2 + biases[k2]!) / temperature
    logits[k3] = (s3 + biases[k3]!) / temperature
  }
  return logits
}

/** ln Σ exp, with the largest taken out. */
export function logSumExp(values: Float64Array): number {
  let largest = -Infinity
  for (const value of values) largest = Math.max(largest, value)
  let sum = 0
  for (const value of values) sum += Math.exp(value - largest)
  return largest + Math.log(sum)
}
