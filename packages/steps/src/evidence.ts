/** Share of every step's probability spread evenly: no single step rules a class out, whatever the features say. */
const DOUBT = 1e-3

/**
 * Log evidence of each class at one step, `[class]`:
 *   p ∝ Π_views softmax(logits),  evidence = κ · ln((1 − ε) p + ε / K)
 * over the views that saw the step. Class-balanced training makes p a likelihood ratio, which is what the hidden Markov
 * model multiplies.
 */
export function logEvidence(
  head: { readonly classes: readonly unknown[]; readonly evidenceWeight: number },
  logitsByView: readonly (Float64Array | undefined)[],
): Float32Array {
  const classCount = head.classes.length
  const sum = new Float64Array(classCount)
  for (const logits of logitsByView) {
    if (logits === undefined) continue
    const logTotal = logSumExp(logits)
    for (let k = 0; k < classCount; k++) sum[k]! += logits[k]! - logTotal
  }
  const logTotal = logSumExp(sum)
  return Float32Array.from(sum, s => {
    return head.evidenceWeight * Math.log((1 - DOUBT) * Math.exp(s - logTotal) + DOUBT / classCount)
  })
}

/** ln Σ exp, with the largest taken out. */
export function logSumExp(values: Float64Array): number {
  let largest = -Infinity
  for (const value of values) largest = Math.max(largest, value)
  let sum = 0
  for (const value of values) sum += Math.exp(value - largest)
  return largest + Math.log(sum)
}
