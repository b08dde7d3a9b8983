import type { Posterior } from './smooth.ts'
import { STEP_SECONDS } from './time-step.ts'

/** A decided border: which class ends and which starts there, and at which step of the window. */
export type Handover = {
  readonly ending: number
  readonly starting: number
  readonly classCount: number
  readonly border: number
}

/** Steps around a border that can be the same border, seen elsewhere; farther off lies another occurrence. */
const REACH = 4

/**
 * Mean of a decided border b under its posterior, less b, in seconds: what lies between the steps' edges,
 *   offset = STEP · Σ (P(start u) + P(end u − 1)) (u − b) / Σ (P(start u) + P(end u − 1)),   |u − b| ≤ 4,
 * at most half a step either way, so that borders keep their order and stay nearest to their step's edge.
 */
export function borderOffset({ starts, ends }: Pick<Posterior, 'starts' | 'ends'>, handover: Handover): number {
  const { ending, starting, classCount, border } = handover
  const last = starts.length / classCount - 1
  let mass = 0
  let moment = 0
  for (let u = Math.max(1, border - REACH); u <= Math.min(last, border + REACH); u++) {
    const here = starts[u * classCount + starting]! + ends[(u - 1) * classCount + ending]!
    mass += here
    moment += here * (u - border)
  }
  return mass > 0 ? STEP_SECONDS * Math.min(0.5, Math.max(-0.5, moment / mass)) : 0
}
