import { type HiddenMarkovModel, transposed } from './hidden-markov.ts'

/** The most probable classes, `[time]`, and ln P(classes, evidence). */
export type HmmPath = { readonly classes: Int16Array; readonly logProbability: number }

/**
 * Viterbi's path given log evidence `[time, class]`:
 *   δ_t(k) = max_j (δ_{t−1}(j) + ln A(j,k)) + ln b_t(k)
 * Only scores are kept: which class led to one is asked again on the way back, for the path's own classes. The lowest
 * index wins a tie. Cost: n K².
 */
export function hmmPath(model: HiddenMarkovModel, logEvidence: Float64Array): HmmPath {
  const classCount = model.initial.length
  const length = logEvidence.length / classCount
  const logInto = transposed(model.next, classCount).map(Math.log)
  const scores = new Float64Array(logEvidence.length)
  for (let k = 0; k < classCount && length > 0; k++) scores[k] = Math.log(model.initial[k]!) + logEvidence[k]!
  for (let at = classCount; at < scores.length; at += classCount) {
    const before = at - classCount
    for (let k = 0; k < classCount; k++) {
      const row = k * classCount
      let best = -Infinity
      for (let j = 0; j < classCount; j++) {
        const score = scores[before + j]! + logInto[row + j]!
        if (score > best) best = score
      }
      scores[at + k] = best + logEvidence[at + k]!
    }
  }

  const classes = new Int16Array(length)
  if (length === 0) return { classes, logProbability: 0 }
  const last = scores.subarray(scores.length - classCount)
  let current = bestOf(classCount, k => last[k]!)
  const logProbability = last[current]!
  classes[length - 1] = current
  for (let t = length - 2; t >= 0; t--) {
    const row = current * classCount
    current = bestOf(classCount, j => scores[t * classCount + j]! + logInto[row + j]!)
    classes[t] = current
  }
  return { classes, logProbability }
}

function bestOf(count: number, score: (index: number) => number): number {
  let best = 0
  for (let index = 1; index < count; index++) if (score(index) > score(best)) best = index
  return best
}
