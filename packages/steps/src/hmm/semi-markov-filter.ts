import { hazardAt } from '../duration-law.ts'
import { multiplyRows } from './hidden-markov.ts'
import type { SemiMarkovModel } from './semi-markov.ts'

/**
 * The forward pass of an explicit-duration model after some steps, changed in place. All it remembers is how likely
 * each class is at each age, so that its size and the cost of a step, K (D + K), are the same however long a station
 * runs.
 */
export type SemiMarkovFilter = {
  /** P(class, age d and evidence) in units of `unit`, `[class, maxSteps]`; the last age holds all greater ones. */
  readonly ages: Float64Array
  /** The same of the first segment, whose law differs, `[class]`. */
  readonly first: Float64Array
  /** P(to | from), `[from, to]`. */
  readonly next: Float64Array
  /** P(class | evidence so far), `[class]`. */
  readonly filtered: Float64Array
  /** P(a segment of the class starts, or ends, with the latest step | evidence so far), `[class]`. */
  readonly starting: Float64Array
  readonly ending: Float64Array
  unit: number
  steps: number
}

export function openFilter({ logInitial, logNext, fresh }: SemiMarkovModel): SemiMarkovFilter {
  const classCount = logInitial.length
  return {
    ages: new Float64Array(classCount * fresh.maxSteps),
    first: logInitial.map(Math.exp),
    next: logNext.map(Math.exp),
    filtered: new Float64Array(classCount),
    starting: new Float64Array(classCount),
    ending: new Float64Array(classCount),
    unit: 1,
    steps: 0,
  }
}

/**
 * Takes the next step's likelihoods `[class]`, in any common unit, and returns their P given the evidence before.
 * A class at age d goes on with 1 − h(d) and ends with h(d); one that ends makes room for its successors.
 */
export function advanceFilter(model: SemiMarkovModel, filter: SemiMarkovFilter, likelihood: Float64Array): number {
  const { first, filtered, starting, ending } = filter
  const step = filter.steps
  if (step === 0) starting.fill(0)
  else multiplyRows(starting, Float64Array.from(ending), filter.next)
  let total = 0
  for (let k = 0; k < filtered.length; k++) {
    const staying = step === 0 ? 1 : filter.unit * (1 - hazardAt(model.first, k, step))
    first[k]! *= staying * likelihood[k]!
    starting[k]! *= likelihood[k]!
    ending[k] = first[k]! * hazardAt(model.first, k, step + 1)
    filtered[k] = first[k]! + ageClass(model, filter, { k, likelihood: filter.unit * likelihood[k]! })
    total += filtered[k]!
  }
  if (step === 0) starting.set(first)
  const unit = 1 / total
  for (let k = 0; k < filtered.length; k++) {
    filtered[k]! *= unit
    starting[k]! *= unit
    ending[k]! *= unit
  }
  filter.unit = unit
  filter.steps = step + 1
  return total
}

/** Ages a class's later segments by a step and adds what ends; returns their mass. */
function ageClass(
  { fresh }: SemiMarkovModel,
  { ages, starting, ending }: SemiMarkovFilter,
  { k, likelihood }: { readonly k: number; readonly likelihood: number },
): number {
  const { hazard, maxSteps } = fresh
  const row = k * maxSteps
  const oldest = row + maxSteps - 1
  let older = ages[oldest]! * (1 - hazard[oldest]!) * likelihood
  let mass = 0
  let ends = 0
  for (let at = oldest; at > row; at--) {
    const aged = ages[at - 1]! * (1 - hazard[at - 1]!) * likelihood + older
    older = 0
    ages[at] = aged
    mass += aged
    ends += aged * hazard[at]!
  }
  ages[row] = starting[k]! + older
  ending[k]! += ends + ages[row]! * hazard[row]!
  return mass + ages[row]!
}
