import type { DurationLaw } from '../duration-law.ts'
import type { Run } from '../labelled-runs.ts'
import type { HiddenMarkovModel } from './hidden-markov.ts'
import { hmmPath } from './hmm-path.ts'
import type { ProcessStates } from './process-states.ts'
import type { SemiMarkovModel } from './semi-markov.ts'

/** Runs of a process that its tree's chances count as beside the labelled ones. */
const PRIOR_RUNS = 2

/** What a labelled step costs that the process does not have there, in nats: dear, so that the rest still aligns. */
const DEVIATION = 20

/**
 * The states' chances from labelled runs of the process, each the runs of one whole cycle: the labels are aligned to
 * the states by the best path, and transitions counted, (n(s,t) + n₀ · prior(s,t)) / (n(s) + n₀). What the tree forbids
 * stays forbidden.
 */
export function learnProcess(states: ProcessStates, cycles: readonly (readonly Run[])[]): ProcessStates {
  const count = states.classOf.length
  const next = states.next.map(chance => PRIOR_RUNS * chance)
  const initial = states.initial.map(chance => PRIOR_RUNS * chance)
  const final = states.final.map(chance => PRIOR_RUNS * chance)
  for (const cycle of cycles) {
    if (cycle.length === 0) continue
    const logEvidence = Float64Array.from(cycle.flatMap(run => logAgreement(states, run)))
    const { classes: path } = hmmPath(chain(states), logEvidence)
    // A step off the process may leave its path through a transition that has no chance: it counts for nothing.
    const add = (counts: Float64Array, at: number) => counts[at]! > 0 && counts[at]!++
    add(initial, path[0]!)
    add(final, path.at(-1)!)
    for (let i = 1; i < path.length; i++) add(next, path[i - 1]! * count + path[i]!)
  }
  const started = initial.reduce((sum, n) => sum + n, 0)
  for (let from = 0; from < count; from++) {
    const row = next.subarray(from * count, (from + 1) * count)
    const left = row.reduce((sum, n) => sum + n, final[from]!)
    final[from]! /= left
    for (let to = 0; to < count; to++) row[to]! /= left
  }
  return { classOf: states.classOf, initial: initial.map(n => n / started), next, final }
}

function logAgreement({ classOf }: ProcessStates, run: Run): readonly number[] {
  return Array.from(classOf, classIndex => (classIndex === run.classIndex ? 0 : -DEVIATION))
}

function chain({ initial, next }: ProcessStates): HiddenMarkovModel {
  return { initial, next }
}

/** Duration laws by class, and whether the recording finds its first and last segment whole. */
export type RecordingLaws = Pick<SemiMarkovModel, 'first' | 'fresh' | 'last'>

/**
 * The explicit-duration model over the process's states, for a process that starts anew when it is over: a state lasts
 * as its class does. Its evidence is `evidenceOfStates`, and the class of a segment `classOf[segment.classIndex]`.
 */
export function processModel(states: ProcessStates, { first, fresh, last }: RecordingLaws): SemiMarkovModel {
  const { classOf, initial, next, final } = states
  const count = classOf.length
  const onward = next.map((chance, at) => chance + final[Math.floor(at / count)]! * initial[at % count]!)
  return {
    logInitial: initial.map(Math.log),
    logNext: onward.map(Math.log),
    first: lawOfStates(first, classOf),
    fresh: lawOfStates(fresh, classOf),
    last,
  }
}

/** Log evidence `[time, class]` as `[time, state]`. */
export function evidenceOfStates({ classOf }: ProcessStates, logEvidence: Float64Array, classCount: number) {
  const length = logEvidence.length / classCount
  const evidence = new Float64Array(length * classOf.length)
  for (let t = 0; t < length; t++) {
    for (let s = 0; s < classOf.length; s++) {
      evidence[t * classOf.length + s] = logEvidence[t * classCount + classOf[s]!]!
    }
  }
  return evidence
}

function lawOfStates(law: DurationLaw, classOf: Int16Array): DurationLaw {
  const { maxSteps } = law
  const ofStates = (rows: Float64Array) => {
    const gathered = new Float64Array(classOf.length * maxSteps)
    for (const [s, k] of classOf.entries()) gathered.set(rows.subarray(k * maxSteps, (k + 1) * maxSteps), s * maxSteps)
    return gathered
  }
  return {
    maxSteps,
    hazard: ofStates(law.hazard),
    survival: ofStates(law.survival),
    mass: ofStates(law.mass),
    logSurvival: ofStates(law.logSurvival),
    logMass: ofStates(law.logMass),
  }
}
