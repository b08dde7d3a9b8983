/** Held-out logits `[class, count]` with their labels and weights; a weight of 0 leaves a sample out. */
export type HeldOut = {
  readonly logits: Float64Array
  readonly labels: Int16Array
  readonly sampleWeights: Float64Array
}

const RANGE = { least: 0.02, most: 20 } as const
const GOLDEN = (Math.sqrt(5) - 1) / 2

/** Σ wᵢ · −ln softmax(logitsᵢ / T)[yᵢ]. */
export function negativeLogLikelihood({ logits, labels, sampleWeights }: HeldOut, temperature: number): number {
  const count = labels.length
  const classCount = logits.length / count
  let sum = 0
  for (let i = 0; i < count; i++) {
    if (sampleWeights[i] === 0) continue
    let largest = -Infinity
    for (let k = 0; k < classCount; k++) largest = Math.max(largest, logits[k * count + i]! / temperature)
    let total = 0
    for (let k = 0; k < classCount; k++) total += Math.exp(logits[k * count + i]! / temperature - largest)
    sum += sampleWeights[i]! * (largest + Math.log(total) - logits[labels[i]! * count + i]! / temperature)
  }
  return sum
}

/** The temperature of least held-out loss (Guo et al. 2017), by golden-section search over ln T. */
export function calibrateTemperature(heldOut: HeldOut): number {
  let low = Math.log(RANGE.least)
  let high = Math.log(RANGE.most)
  const loss = (logT: number) => negativeLogLikelihood(heldOut, Math.exp(logT))
  while (high - low > 0.01) {
    const left = high - GOLDEN * (high - low)
    const right = low + GOLDEN * (high - low)
    if (loss(left) < loss(right)) high = right
    else low = left
  }
  return Math.exp((low + high) / 2)
}
