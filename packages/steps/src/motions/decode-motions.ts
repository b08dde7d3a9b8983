import { type BorderCalibration, calibratedBorderSd } from '../border-calibration.ts'
import { borderMoments } from '../border-moments.ts'
import { freshLaw } from '../duration-law.ts'
import type { Segment, SemiMarkovModel } from '../hmm/semi-markov.ts'
import { semiMarkovPath } from '../hmm/semi-markov-path.ts'
import { type SemiMarkovPosterior, semiMarkovPosterior } from '../hmm/semi-markov-posterior.ts'
import type { Motion } from '../interval.ts'
import { STEP_SECONDS } from '../time-step.ts'
import type { TaskMotions } from './motion-model.ts'

/** A task between two borders that were seen, in steps of 250 ms. */
export type BoundedTask = {
  /** Log evidence of the task's parts, `[part]` each, of its steps. */
  readonly evidence: readonly Float32Array[]
  readonly startOffsetSeconds: number
  readonly startSdSeconds: number
  readonly endOffsetSeconds: number
  readonly endSdSeconds: number
}

/** A border between two parts, seconds after the task's start. */
type Border = { readonly seconds: number; readonly sdSeconds: number }

/**
 * The motions of a task by the most probable explicit-duration path between its own borders, which both are whole. A
 * motion that is less probable than not stays in the rest. They follow one another without overlap, within the task.
 */
export function decodeMotions(
  motions: TaskMotions,
  task: BoundedTask,
  calibration: BorderCalibration,
): readonly Motion[] {
  const classCount = motions.parts.length
  const logEvidence = Float64Array.from(task.evidence.flatMap(row => [...row]))
  const model = modelOf(motions)
  const path = semiMarkovPath(model, logEvidence)
  const posterior = semiMarkovPosterior(model, logEvidence)
  const borders = bordersOf(path, posterior, { motions, task, calibration })
  return path.flatMap(({ classIndex, start, end }, index): readonly Motion[] => {
    const motion = motions.parts[classIndex]!
    let probability = 0
    for (let step = start; step < end; step++) probability += posterior.occupancy[step * classCount + classIndex]!
    const confidence = Math.min(1, probability / (end - start))
    if (motion === null || confidence < 0.5) return []
    const [from, to] = [borders[index]!, borders[index + 1]!]
    return [
      {
        motion,
        startSeconds: from.seconds,
        endSeconds: to.seconds,
        startSdSeconds: from.sdSeconds,
        endSdSeconds: to.sdSeconds,
        confidence,
      },
    ]
  })
}

function modelOf({ durations, initial, next }: TaskMotions): SemiMarkovModel {
  const fresh = freshLaw(durations)
  const logInitial = Float64Array.from(initial, Math.log)
  return { logInitial, logNext: Float64Array.from(next, Math.log), first: fresh, fresh, last: 'whole' }
}

/** Where the parts of a path begin, and where the last one ends: the first and the last border are the task's own. */
function bordersOf(
  path: readonly Segment[],
  posterior: SemiMarkovPosterior,
  about: { readonly motions: TaskMotions; readonly task: BoundedTask; readonly calibration: BorderCalibration },
): readonly Border[] {
  const { motions, task, calibration } = about
  const classCount = motions.parts.length
  const partOf = ({ classIndex }: Segment) => (motions.parts[classIndex] === null ? null : classIndex)
  const inner = path.slice(1).map((next, index): Border => {
    const handover = { ending: partOf(path[index]!), starting: partOf(next), classCount, border: next.start }
    const { offsetSeconds, sdSeconds } = borderMoments(posterior, handover)
    return {
      seconds: next.start * STEP_SECONDS + offsetSeconds - task.startOffsetSeconds,
      sdSeconds: calibratedBorderSd(calibration, sdSeconds),
    }
  })
  const lastSeconds = task.evidence.length * STEP_SECONDS + task.endOffsetSeconds - task.startOffsetSeconds
  return [
    { seconds: 0, sdSeconds: task.startSdSeconds },
    ...inner,
    { seconds: lastSeconds, sdSeconds: task.endSdSeconds },
  ]
}
