import { labelledStretches, type Run, UNKNOWN } from '../labelled-runs.ts'
import type { TrainingSequence } from '../training-sequence.ts'

/** A motion that labels name, and the class of the task that it is a part of. */
export type MotionClass = { readonly name: string; readonly task: number }

/** A labelled occurrence of a task in which some motion is labelled: what of it has no motion is rest. */
export type LabelledTask = {
  readonly task: number
  readonly sequence: number
  /** Runs of its parts, `classIndex` being a motion's place among all, or `REST`; in steps of the sequence. */
  readonly runs: readonly Run[]
}

/** A step of a task that belongs to no motion. */
export const REST = -1

/** The tasks in whose labelled occurrences motions were labelled too; where none was, nothing is known of them. */
export function labelledTasks(
  sequences: readonly TrainingSequence[],
  classes: readonly MotionClass[],
): readonly LabelledTask[] {
  return sequences.flatMap(({ labels, motions }, sequence) => {
    if (motions === undefined) return []
    const occurrences = labelledStretches(labels).flat()
    return occurrences.flatMap((occurrence): readonly LabelledTask[] => {
      const { classIndex: task, start, end } = occurrence
      const own = Array.from(motions.subarray(start, end), motion =>
        classes[motion - 1]?.task === task ? motion - 1 : REST,
      )
      return own.every(motion => motion === REST) ? [] : [{ task, sequence, runs: runsOf(own, occurrence) }]
    })
  })
}

function runsOf(parts: readonly number[], { start: offset, cutStart, cutEnd }: Run): readonly Run[] {
  const runs: Run[] = []
  for (let start = 0; start < parts.length; ) {
    let end = start + 1
    while (end < parts.length && parts[end] === parts[start]) end++
    runs.push({
      classIndex: parts[start]!,
      start: offset + start,
      end: offset + end,
      cutStart: start === 0 && cutStart,
      cutEnd: end === parts.length && cutEnd,
    })
    start = end
  }
  return runs
}

/** The sequences with parts for labels: `partOf` gives each run's; all else is unknown. */
export function partSequences(
  sequences: readonly TrainingSequence[],
  tasks: readonly LabelledTask[],
  partOf: (task: number, motion: number) => number,
): readonly TrainingSequence[] {
  return sequences.map(({ steps }, sequence) => {
    const labels = new Int16Array(steps.length).fill(UNKNOWN)
    for (const { task, runs } of tasks.filter(own => own.sequence === sequence)) {
      for (const { classIndex, start, end } of runs) labels.fill(partOf(task, classIndex), start, end)
    }
    return { steps, labels }
  })
}
