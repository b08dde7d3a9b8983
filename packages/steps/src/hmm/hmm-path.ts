import { type HiddenMarkovModel, transposed } from './hidden-markov.ts'
import { recurrence } from './recurrence.ts'

/** The most probable classes, `[time]`, and ln P(classes, evidence). */
export type HmmPath = { readonly classes: Int16Array; readonly logProbability: number }

/**
 * Viterbi's path given log evidence `[time, class]`:
 *   δ_t(k) = max_j (δ_{t−1}(j) + ln A(j,k)) + ln b_t(k)
 * Only the maxima are kept: which class one came from is asked again on the way back, for the path's own classes. Of
 * several it is the class itself, else the lowest. Cost: n K².
 */
export function hmmPath(model: HiddenMarkovModel, logEvidence: Float64Array): HmmPath {
  const classCount = model.initial.length
  const length = logEvidence.length / classCount
  const classes = new Int16Array(length)
  if (length === 0) return { classes, logProbability: 0 }
  const reached = recurrence(
    'maxPlus',
    model.next.map(Math.log),
  )({
    rows: logEvidence,
    first: model.initial.map(Math.log),
    direction: 'onwards',
  })

  const last = reached.subarray(-classCount).map((score, k) => score + logEvidence.at(k - classCount)!)
  const logProbability = last.reduce((a, b) => Math.max(a, b), -Infinity)
  let current = Math.max(0, last.indexOf(logProbability))
  classes[length - 1] = current
  const logInto = transposed(model.next, classCount).map(Math.log)
  for (let t = length - 2; t >= 0; t--) {
    const from = t * classCount
    const into = current * classCount
    // The recurrence added the same numbers in the same order, so that the maximum is met to the last bit.
    const maximum = reached[from + classCount + current]!
    const cameFrom = (j: number) => reached[from + j]! + logEvidence[from + j]! + logInto[into + j]! === maximum
    if (!cameFrom(current)) {
      let j = 0
      while (j < classCount - 1 && !cameFrom(j)) j++
      current = j
    }
    classes[t] = current
  }
  return { classes, logProbability }
}
