import { type BorderMoments, borderMoments } from '../border-moments.ts'
import { semiMarkovPath } from '../hmm/semi-markov-path.ts'
import { semiMarkovPosterior } from '../hmm/semi-markov-posterior.ts'
import type { Interval } from '../interval.ts'
import { UNKNOWN } from '../labelled-runs.ts'
import { BACKGROUND } from '../step-head.ts'
import { classOfState, type RecordingProcess, recordingModel, stateCount } from './recording-process.ts'

/** What a class costs where a label says another, in nats: no evidence outweighs a label. */
const AGAINST_LABEL = 50

/** Share of probability that is spread evenly: no single step rules a class out. */
const DOUBT = 1e-3

export type Scored = {
  /** P(class), `[time, class]`. */
  readonly probabilities: Float32Array
  readonly classes: readonly string[]
  /** What is known beforehand, or `UNKNOWN`, `[time]`. */
  readonly labels: Int16Array
  readonly evidenceWeight: number
}

/**
 * The most probable course of a whole recording, its borders placed and given a spread by forward–backward. What is
 * labelled stays as it is labelled, and tells where in the process the rest begins.
 */
export function recordingIntervals(process: RecordingProcess, scored: Scored): readonly Interval[] {
  const { classes } = scored
  const states = stateCount(classes.length)
  const model = recordingModel(process)
  const evidence = stateEvidence(scored)
  const path = semiMarkovPath(model, evidence)
  const { starts, ends, occupancy } = semiMarkovPosterior(model, evidence)
  const last = evidence.length / states
  return path.flatMap(({ classIndex: state, start, end }, index): readonly Interval[] => {
    const classIndex = classOfState(state, classes.length)
    if (classIndex === BACKGROUND) return []
    const [before, after] = [path[index - 1], path[index + 1]]
    const stepOf = (other: number) => (classOfState(other, classes.length) === BACKGROUND ? null : other)
    const borderAt = (ending: number, starting: number, border: number): BorderMoments =>
      borderMoments(
        { starts, ends },
        { ending: stepOf(ending), starting: stepOf(starting), classCount: states, border },
      )
    const startsAt = before ? borderAt(before.classIndex, state, start) : null
    const endsAt = after ? borderAt(state, after.classIndex, end) : null
    let confidence = 0
    for (let step = start; step < end; step++) confidence += occupancy[step * states + state]! / (end - start)
    const startSdSeconds = startsAt?.sdSeconds ?? null
    const endSdSeconds = endsAt?.sdSeconds ?? null
    return [
      {
        classIndex,
        step: classes[classIndex]!,
        startStep: start,
        endStep: end,
        startOffsetSeconds: startsAt?.offsetSeconds ?? 0,
        endOffsetSeconds: endsAt?.offsetSeconds ?? 0,
        censoredStart: start === 0,
        censoredEnd: end === last,
        confidence,
        weak: confidence < 0.5,
        startSdSeconds,
        endSdSeconds,
        durationSdSeconds:
          startSdSeconds === null || endSdSeconds === null ? null : Math.hypot(startSdSeconds, endSdSeconds),
      },
    ]
  })
}

/** Log evidence `[time, state]`: every state has its class's. */
function stateEvidence({ probabilities, classes, labels, evidenceWeight }: Scored): Float64Array {
  const [classCount, states] = [classes.length, stateCount(classes.length)]
  const evidence = new Float64Array(labels.length * states)
  for (const [step, label] of labels.entries()) {
    for (let state = 0; state < states; state++) {
      const k = classOfState(state, classCount)
      const probability = (1 - DOUBT) * probabilities[step * classCount + k]! + DOUBT / classCount
      const known = label === k ? 0 : -AGAINST_LABEL
      evidence[step * states + state] = label === UNKNOWN ? evidenceWeight * Math.log(probability) : known
    }
  }
  return evidence
}
