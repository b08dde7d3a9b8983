import { type DurationLaw, freshLaw, hazardAt, residualLaw } from '../src/duration-law.ts'
import type { Segment, SemiMarkovModel } from '../src/hmm/semi-markov.ts'
import { seededRandom } from './synthetic.ts'

/** Every segmentation of a recording with its joint probability, straight from the model's definition. */
export function everySegmentation(model: SemiMarkovModel, logEvidence: Float64Array) {
  const classCount = model.logInitial.length
  const length = logEvidence.length / classCount
  const found: { readonly segments: readonly Segment[]; readonly weight: number }[] = []
  const extend = (segments: readonly Segment[], weight: number): void => {
    const before = segments.at(-1)
    const start = before?.end ?? 0
    for (let classIndex = 0; classIndex < classCount; classIndex++) {
      const entry = before ? model.logNext[before.classIndex * classCount + classIndex]! : model.logInitial[classIndex]!
      let seen = weight * Math.exp(entry)
      if (seen === 0) continue
      for (let end = start + 1; end <= length; end++) {
        seen *= Math.exp(logEvidence[(end - 1) * classCount + classIndex]!)
        const cut = end === length && model.last === 'cut'
        const lasts = lasting(start === 0 ? model.first : model.fresh, { classIndex, steps: end - start, cut })
        const next = [...segments, { classIndex, start, end }]
        if (end === length) found.push({ segments: next, weight: seen * lasts })
        else extend(next, seen * lasts)
      }
    }
  }
  extend([], 1)
  return found
}

/** P(D = d), or P(D ≥ d) of a duration that is cut: a product over the hazards, the last one going on for ever. */
function lasting(law: DurationLaw, segment: { classIndex: number; steps: number; cut: boolean }): number {
  let probability = 1
  for (let d = 1; d < segment.steps; d++) probability *= 1 - hazardAt(law, segment.classIndex, d)
  return segment.cut ? probability : probability * hazardAt(law, segment.classIndex, segment.steps)
}

/** A model of random laws and evidence of a few steps; durations are explicit for `maxSteps`. */
export function randomSemiMarkov(seed: number, shape: { steps: number; maxSteps: number; last: 'whole' | 'cut' }) {
  const { uniform, normal } = seededRandom(seed)
  const classCount = 3
  const hazards = Float32Array.from({ length: classCount * shape.maxSteps }, () => 0.05 + 0.6 * uniform())
  const fresh = freshLaw({ maxSteps: shape.maxSteps, hazards })
  const rows = Array.from({ length: classCount }, (_, from) => {
    return shares(Array.from({ length: classCount }, (_, to) => (to === from ? 0 : 0.1 + uniform())))
  })
  const model: SemiMarkovModel = {
    logInitial: Float64Array.from(shares([1, 1, 1].map(() => uniform())), Math.log),
    logNext: Float64Array.from(rows.flat(), Math.log),
    first: residualLaw(fresh),
    fresh,
    last: shape.last,
  }
  return { model, logEvidence: Float64Array.from({ length: shape.steps * classCount }, () => 2 * normal()) }
}

function shares(values: readonly number[]): readonly number[] {
  const total = values.reduce((sum, value) => sum + value, 0)
  return values.map(value => value / total)
}
