/** Logits become log-probabilities, in place. */
export function logSoftmax(logits: Float64Array): void {
  let largest = -Infinity
  for (let k = 0; k < logits.length; k++) largest = Math.max(largest, logits[k]!)
  let total = 0
  for (let k = 0; k < logits.length; k++) total += Math.exp(logits[k]! - largest)
  const logTotal = largest + Math.log(total)
  for (let k = 0; k < logits.length; k++) logits[k]! -= logTotal
}
