import { breathe } from '../breathe.ts'
import { UNKNOWN } from '../labelled-runs.ts'
import { drain, type LookAhead, see, skipTo } from '../look-ahead.ts'
import { featuresOf } from '../time-step.ts'
import type { Sample } from '../training-samples.ts'
import type { TrainingSequence } from '../training-sequence.ts'
import type { SeenRow } from './score-window.ts'
import {
  absorbProjected,
  keepFrom,
  type Moments,
  momentsOf,
  openWindow,
  type RunningProjection,
} from './window-state.ts'

/** A labelled step, and all that its score may depend on. */
export type WindowExample = Sample & {
  /** Projected steps of its sequence, `[step]`, not yet normalised. */
  readonly rows: readonly SeenRow[]
  /** The video without a gap around it, `[from, to)`. */
  readonly from: number
  readonly to: number
  /** What every row of its window is normalised by. */
  readonly moments: Moments
}

/** How one view is seen. */
export type ProjectedView = {
  readonly viewId: string
  readonly running: RunningProjection
  readonly lookAheadSteps: number
  readonly signal?: AbortSignal | undefined
}

/** Runs one view's moments over every sequence, unknown steps included, as a station would, and keeps labelled steps. */
export async function windowExamples(
  sequences: readonly TrainingSequence[],
  { viewId, running, lookAheadSteps, signal }: ProjectedView,
): Promise<readonly WindowExample[]> {
  const examples: WindowExample[] = []
  for (const [sequence, { steps, labels }] of sequences.entries()) {
    const rows: SeenRow[] = new Array(steps.length).fill(undefined)
    const state = openWindow(running)
    const room = {
      enter: (step: number, features: Float32Array) => {
        absorbProjected(running, state, step, features)
        rows[step] = state.recent.at(-1)!.projected
      },
      leave: (from: number, to: number) => {
        keepFrom(state, to)
        const { mean, scale } = momentsOf(state, running)
        const moments = { mean: mean.slice(), scale }
        return Array.from({ length: to - from }, () => moments)
      },
    }
    let run: (Sample & { readonly moments: Moments })[] = []
    let runFrom = 0
    const keep = (step: number, [moments]: readonly (Moments | undefined)[]) => {
      const label = labels[step]!
      if (label !== UNKNOWN && rows[step] !== undefined) run.push({ sequence, step, label, moments: moments! })
    }
    const endRun = (at: number) => {
      drain([room], ahead, keep)
      examples.push(...run.map(example => ({ ...example, rows, from: runFrom, to: at })))
      run = []
      runFrom = at + 1
    }
    const ahead: LookAhead = { seenThrough: 0, readyThrough: 0 }
    for (const [index, step] of steps.entries()) {
      if (index % 64 === 0) await breathe(signal)
      if (step.kind === 'observed') see([room], lookAheadSteps, ahead, [featuresOf(step, viewId)], keep)
      else {
        endRun(index)
        skipTo(ahead, index + 1)
      }
    }
    endRun(steps.length)
  }
  return examples
}
