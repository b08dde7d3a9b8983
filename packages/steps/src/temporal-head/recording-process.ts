import { type DurationLaw, freshLaw, residualLaw } from '../duration-law.ts'
import { type Durations, discreteHazards, type Irregular, shrunk } from '../durations.ts'
import type { SemiMarkovModel } from '../hmm/semi-markov.ts'
import { labelledStretches, type Run } from '../labelled-runs.ts'
import { BACKGROUND } from '../step-head.ts'

/**
 * Order and durations of a process for whole recordings. Between two steps lies background, which would make a model
 * over classes forget what was done; so each step has a background of its own, the pause after it, and a pause knows
 * its step. States are the K steps, the K pauses after them, and what comes before any step.
 */
export type RecordingProcess = {
  /** `[state]`. */
  readonly durations: Durations
  /** `[from, to]`, rows of sum 1. */
  readonly next: Float32Array
}

/** States of `classCount` classes. */
export const stateCount = (classCount: number): number => 2 * (classCount - 1) + 1

/** Class of a state. */
export const classOfState = (state: number, classCount: number): number =>
  state < classCount - 1 ? state + 1 : BACKGROUND

/** Chance of a step that never followed in the labels. */
const OUT_OF_ORDER = 0.1

/** Pseudo-counts of a pause after any step, and of none; all steps together count as one occurrence of each. */
const PAUSES = { some: 1, none: 0.4 } as const

/** A duration known from one cycle: spread of its logarithm before it is seen, and what is left for interruptions. */
const STEPS: Prior = { spread: 0.3, irregular: { share: 0.03, spread: 0.8 } }
const PAUSE: Prior = { spread: 0.8, irregular: { share: 0.1, spread: 1.3 } }

type Prior = { readonly spread: number; readonly irregular: Irregular }

/** Explicit durations reach a minute. */
const MOST_STEPS = 240

/** What the labels of recordings, `[time]` each, say of order and durations. */
export function learnRecordingProcess(labels: readonly Int16Array[], classCount: number): RecordingProcess {
  const stretches = labels.flatMap(labelledStretches)
  const steps = classCount - 1
  const runs = stretches.flat().filter(run => run.classIndex !== BACKGROUND)
  const pauses = stretches.flatMap(pausesOf)
  const ofStep = grouped(runs, steps)
  const ofPause = grouped(pauses, steps)
  const hazards = new Float32Array(stateCount(classCount) * MOST_STEPS)
  const logsOfSteps = ofStep.map(logDurations)
  const logsOfPauses = ofPause.map(logDurations)
  const [usualStep, usualPause] = [usual(logsOfSteps), usual(logsOfPauses)]
  for (let step = 0; step < steps; step++) {
    hazards.set(hazardsOf(logsOfSteps[step]!, usualStep, STEPS), step * MOST_STEPS)
    hazards.set(hazardsOf(logsOfPauses[step]!, usualPause, PAUSE), (steps + step) * MOST_STEPS)
  }
  hazards.set(hazardsOf([], usualPause, PAUSE), 2 * steps * MOST_STEPS)
  return { durations: { maxSteps: MOST_STEPS, hazards }, next: learnOrder(stretches, ofPause, classCount) }
}

/** The model of a recording that may begin and end anywhere. */
export function recordingModel({ durations, next }: RecordingProcess): SemiMarkovModel {
  const fresh: DurationLaw = freshLaw(durations)
  const states = Math.sqrt(next.length)
  return {
    logInitial: new Float64Array(states).fill(-Math.log(states)),
    logNext: Float64Array.from(next, Math.log),
    first: residualLaw(fresh),
    fresh,
    last: 'cut',
  }
}

/** Pauses between two steps of a stretch, as runs of the step before. */
function pausesOf(stretch: readonly Run[]): readonly Run[] {
  return stretch.flatMap((run, index) => {
    const before = stretch[index - 1]
    return run.classIndex === BACKGROUND && before ? [{ ...run, classIndex: before.classIndex }] : []
  })
}

function grouped(runs: readonly Run[], steps: number): readonly (readonly Run[])[] {
  return Array.from({ length: steps }, (_, step) => runs.filter(run => run.classIndex === step + 1))
}

/** Of whole runs, or of cut ones where there are no others. */
function logDurations(runs: readonly Run[]): readonly number[] {
  const whole = runs.filter(run => !run.cutStart && !run.cutEnd)
  return (whole.length > 0 ? whole : runs).map(run => Math.log(run.end - run.start))
}

/** Mean of the states' mean log durations; two seconds where none is known. */
function usual(logs: readonly (readonly number[])[]): number {
  const means = logs.filter(list => list.length > 0).map(mean)
  return means.length > 0 ? mean(means) : Math.log(8)
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

const hazardsOf = (logs: readonly number[], usualLog: number, { spread, irregular }: Prior): Float32Array =>
  discreteHazards(shrunk(logs, usualLog, spread), MOST_STEPS, irregular)

/** After a step its pause or the next step; after a pause the next step; the next step as labelled, others seldom. */
function learnOrder(
  stretches: readonly (readonly Run[])[],
  ofPause: readonly (readonly Run[])[],
  classCount: number,
): Float32Array {
  const steps = classCount - 1
  const states = stateCount(classCount)
  const next = new Float32Array(states ** 2)
  const followers = learnFollowers(stretches, steps)
  const whole = stretches.flat().filter(run => !run.cutEnd)
  const seenOf = (step: number) => whole.filter(run => run.classIndex === step + 1).length
  const pauses = ofPause.reduce((sum, list) => sum + list.length, 0)
  const occurrences = Math.max(pauses, whole.filter(run => run.classIndex !== BACKGROUND).length)
  const usualPaused = (pauses + PAUSES.some) / (occurrences + PAUSES.some + PAUSES.none)
  for (let step = 0; step < steps; step++) {
    const row = followers.subarray(step * steps, (step + 1) * steps)
    const paused = (ofPause[step]!.length + usualPaused) / (Math.max(seenOf(step), ofPause[step]!.length) + 1)
    next[step * states + steps + step] = paused
    const others = 1 - row[step]!
    for (let to = 0; to < steps; to++) {
      // A step that follows itself without a pause is one step.
      if (to !== step) next[step * states + to] = others > 0 ? ((1 - paused) * row[to]!) / others : 0
      next[(steps + step) * states + to] = row[to]!
    }
  }
  next.fill(1 / steps, 2 * steps * states, 2 * steps * states + steps)
  if (steps === 1) next[steps] = 1
  return next
}

/**
 * P(next step | step), `[from, to]`. The labels of one cycle end with its last step: what was seen to follow nothing is
 * followed by what began.
 */
function learnFollowers(stretches: readonly (readonly Run[])[], steps: number): Float64Array {
  const orders = stretches.map(stretch =>
    stretch.flatMap(({ classIndex }) => (classIndex === BACKGROUND ? [] : [classIndex - 1])),
  )
  const counts = new Float64Array(steps * steps)
  for (const order of orders) for (const [at, to] of order.entries()) if (at > 0) counts[order[at - 1]! * steps + to]!++
  const first = orders.find(order => order.length > 0)?.[0] ?? 0
  return counts.map((count, at) => {
    const from = Math.floor(at / steps)
    const total = counts.subarray(from * steps, (from + 1) * steps).reduce((sum, n) => sum + n, 0)
    const seen = total > 0 ? count / total : Number(at % steps === first)
    return (1 - OUT_OF_ORDER) * seen + OUT_OF_ORDER / steps
  })
}
