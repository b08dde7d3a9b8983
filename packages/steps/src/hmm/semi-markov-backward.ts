import { hazardAt } from '../duration-law.ts'
import { multiplyRows, transposed } from './hidden-markov.ts'
import type { SemiMarkovModel } from './semi-markov.ts'

/** The backward pass at a step, changed in place; every value in units of e^`logScale`. */
export type SemiMarkovBackward = {
  /** P(evidence after the step | class, age d), `[class, maxSteps]`. */
  readonly ages: Float64Array
  /** The same of the first segment, whose age is the step's, `[class]`. */
  readonly first: Float64Array
  /** P(evidence after the step | a segment of the class ends with it), `[class]`. */
  readonly onward: Float64Array
  /** P(from → to), `[to, from]`. */
  readonly backwards: Float64Array
  logScale: number
}

/** The backward pass at the last of `length` steps, where a whole segment must end and a cut one may be of any age. */
export function openBackward({ logNext, first, fresh, last }: SemiMarkovModel, length: number): SemiMarkovBackward {
  const classCount = Math.sqrt(logNext.length)
  const whole = last === 'whole'
  return {
    ages: whole ? Float64Array.from(fresh.hazard) : new Float64Array(fresh.hazard.length).fill(1),
    first: Float64Array.from({ length: classCount }, (_, k) => (whole ? hazardAt(first, k, length) : 1)),
    onward: new Float64Array(classCount).fill(1),
    backwards: transposed(logNext.map(Math.exp), classCount),
    logScale: 0,
  }
}

/** Steps back from step v, whose likelihoods `[class]` are given, to v − 1. */
export function retreat(
  { first: firstLaw, fresh }: SemiMarkovModel,
  backward: SemiMarkovBackward,
  { v, likelihood }: { readonly v: number; readonly likelihood: Float64Array },
): void {
  const { ages, first, onward, backwards } = backward
  const { hazard, maxSteps } = fresh
  multiplyRows(
    onward,
    likelihood.map((b, k) => b * ages[k * maxSteps]!),
    backwards,
  )
  let largest = 0
  for (let k = 0; k < first.length; k++) {
    const b = likelihood[k]!
    const leaving = onward[k]!
    const oldest = (k + 1) * maxSteps - 1
    for (let at = k * maxSteps; at <= oldest; at++) {
      const older = at < oldest ? ages[at + 1]! : ages[oldest]!
      const value = (1 - hazard[at]!) * b * older + hazard[at]! * leaving
      ages[at] = value
      if (value > largest) largest = value
    }
    const hazardOfFirst = hazardAt(firstLaw, k, v)
    first[k] = (1 - hazardOfFirst) * b * first[k]! + hazardOfFirst * leaving
    largest = Math.max(largest, first[k]!)
  }
  const scale = 1 / largest
  for (let at = 0; at < ages.length; at++) ages[at]! *= scale
  for (let k = 0; k < first.length; k++) {
    first[k]! *= scale
    onward[k]! *= scale
  }
  backward.logScale += Math.log(largest)
}
