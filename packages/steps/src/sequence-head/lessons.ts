import { labelledStretches } from '../labelled-runs.ts'
import type { LabelledFeatures } from './feature-sequence.ts'
import type { GapPosterior } from './gap-posterior.ts'
import type { SequenceLesson } from './sequence-feed.ts'
import { type StampGap, stampGaps, stampTrend } from './stamp-gaps.ts'
import { classWeights, type StepTargets, stepTargets } from './step-targets.ts'

/** What is known of a sequence's classes: its labels, the gaps between time stamps, and what they are believed to hold. */
export type Known = {
  readonly sequence: LabelledFeatures
  readonly gaps: readonly StampGap[]
  /** Empty before a network has looked at them. */
  readonly beliefs: readonly GapPosterior[]
}

export const knownAtFirst = (sequence: LabelledFeatures): Known => ({
  sequence,
  gaps: stampGaps(sequence.labels),
  beliefs: [],
})

/** Median length of a step in time steps; a gap between time stamps is as long as a step. */
export function medianStep(known: readonly Known[]): number {
  const lengths = known.flatMap(({ sequence, gaps }) => {
    const spans = gaps.length > 0 ? gaps : labelledStretches(sequence.labels).flat()
    return spans.map(({ start, end }) => end - start)
  })
  return lengths.sort((a, b) => a - b)[lengths.length >> 1]!
}

export type LessonOptions = {
  readonly classCount: number
  /** Exponent of rarity. */
  readonly balance: number
  readonly borderSteps: number
}

/** How sequences teach what is known of them; targets are made when they are wanted, because they are wide. */
export function lessons(known: readonly Known[], options: LessonOptions): (known: Known) => SequenceLesson {
  const { classCount, balance } = options
  const counts = new Float64Array(classCount)
  for (const each of known) {
    const targets = targetsOf(each, options)
    for (let at = 0; at < targets.length; at++) counts[at % classCount]! += targets[at]!
  }
  const weights = classWeights(counts, balance)
  const stamped = known.some(({ gaps }) => gaps.length > 0)
  return each => ({
    targets: targetsOf(each, options).map((target, at) => target * weights[at % classCount]!),
    trend: stamped ? stampTrend(each.gaps, each.sequence.times, classCount) : null,
  })
}

function targetsOf({ sequence, gaps, beliefs }: Known, { classCount, borderSteps }: LessonOptions): StepTargets {
  const targets = stepTargets(sequence.labels, { classCount, borderSteps })
  // Between two stamps of one class there is nothing to find out.
  for (const { start, end, before, after } of gaps) {
    if (before === null || before !== after) continue
    for (let time = start; time < end; time++) targets[time * classCount + before] = 1
  }
  for (const { gap, classes, shares } of beliefs) {
    for (let time = gap.start; time < gap.end; time++) {
      targets.fill(0, time * classCount, (time + 1) * classCount)
      for (const [at, k] of classes.entries()) {
        targets[time * classCount + k]! += shares[(time - gap.start) * classes.length + at]!
      }
    }
  }
  return targets
}
