import type { LabelledShare } from './label-plan.ts'

/** Share of a label that goes to all classes alike: Szegedy et al., 2016, section 7. */
const SMOOTHING = 0.1

interface ClipTargets {
  /** Each clip's first time step. */
  readonly starts: readonly number[]
  /** Time steps of a clip. */
  readonly times: number
  /** By class. */
  readonly weights: readonly number[]
}

/** What clips show, smoothed and weighted, zeros where nothing counts: [clips·times, classes]. */
export function clipTargets(
  { labels }: Pick<LabelledShare, 'labels'>,
  { starts, times, weights }: ClipTargets,
): Float32Array {
  const classes = weights.length
  const targets = new Float32Array(starts.length * times * classes)
  starts.forEach((start, clip) => {
    for (let time = 0; time < times; time++) {
      const label = labels[start + time]!
      if (label < 0) continue
      const at = (clip * times + time) * classes
      targets.fill((weights[label]! * SMOOTHING) / classes, at, at + classes)
      targets[at + label]! += weights[label]! * (1 - SMOOTHING)
    }
  })
  return targets
}
