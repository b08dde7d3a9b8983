import type { Posterior } from './smooth.ts'
import { STEP_SECONDS } from './time-step.ts'

/** A decided border: the step that ends and the one that starts there, null for background, and where in the window. */
export type Handover = {
  readonly ending: number | null
  readonly starting: number | null
  readonly classCount: number
  readonly border: number
}

/** What the posterior says of a decided border. */
export type BorderMoments = {
  /** Its mean, less the decided step's edge: at most half a step either way, so that borders keep their order. */
  readonly offsetSeconds: number
  /** Its standard deviation around that, with the rounding to steps. */
  readonly sdSeconds: number
  /** Probability that such a border lies within reach of where it was decided, 0 to 1. */
  readonly probability: number
}

/** Steps around a border that can be the same border, seen elsewhere: two seconds. Farther off lies another occurrence. */
const REACH = 8

/** Where less of the border lies within reach, it was not found elsewhere but hardly at all: it may be anywhere. */
const FOUND = 0.5

/**
 * The moments of a decided border b, |u − b| ≤ 8, under w(u), the mean of P(start of the next step at u) and
 * P(end of the last one with u − 1), in steps:
 *   offset = Σ w(u) (u − b) / Σ w(u),  sd² = Σ w(u) (u − b − offset)² / Σ w(u) + 1/12,  probability = Σ w(u).
 * Background starts and ends too often to tell one of its borders from the next: the step beside it speaks alone. Where
 * less than half of it lies within reach, the spread is that of all the window; where the posterior sees no such border,
 * it may be anywhere in it.
 */
export function borderMoments(posterior: Pick<Posterior, 'starts' | 'ends'>, handover: Handover): BorderMoments {
  const near = momentsWithin(posterior, handover, REACH)
  if (near.probability >= FOUND) return near
  const { sdSeconds } = momentsWithin(posterior, handover, posterior.starts.length / handover.classCount)
  return { ...near, sdSeconds: Math.max(near.sdSeconds, sdSeconds) }
}

function momentsWithin(
  { starts, ends }: Pick<Posterior, 'starts' | 'ends'>,
  { ending, starting, classCount, border }: Handover,
  reach: number,
): BorderMoments {
  const sides = Number(ending !== null) + Number(starting !== null)
  const last = starts.length / classCount - 1
  let mass = 0
  let moment = 0
  let square = 0
  for (let u = Math.max(1, border - reach); u <= Math.min(last, border + reach); u++) {
    const start = starting === null ? 0 : starts[u * classCount + starting]!
    const end = ending === null ? 0 : ends[(u - 1) * classCount + ending]!
    const here = (start + end) / sides
    mass += here
    moment += here * (u - border)
    square += here * (u - border) ** 2
  }
  const isSeen = mass > 1e-12
  const offset = isSeen ? Math.min(0.5, Math.max(-0.5, moment / mass)) : 0
  const variance = isSeen ? (square - 2 * offset * moment) / mass + offset ** 2 : (reach * (reach + 1)) / 3
  return {
    offsetSeconds: STEP_SECONDS * offset,
    sdSeconds: STEP_SECONDS * Math.sqrt(Math.max(0, variance) + 1 / 12),
    probability: Math.min(1, mass),
  }
}
