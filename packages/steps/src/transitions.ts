import type { Run } from './labelled-runs.ts'

/**
 * What follows what: `next[from, to]` with a zero diagonal and rows of sum 1, and `initial`, the share of time each
 * class takes, which is the chance to find it under way when video begins.
 */
export type Transitions = { readonly next: Float32Array; readonly initial: Float32Array }

/** Pseudo-observations a row: seen order dominates after a cycle, an unseen order stays possible. */
const PSEUDO_COUNT = 0.5

/** With a process order: chance to go on with the next step, to pause, and to do anything else. */
const ORDERED = { next: 0.6, background: 0.3, any: 0.1 } as const

/**
 * Learns transitions from labelled stretches: (n(a,b) + n₀ · prior(a,b)) / (n(a) + n₀).
 * `order` lists class indices in process order; without it every other class is equally likely a priori.
 */
export function learnTransitions(
  stretches: readonly (readonly Run[])[],
  classCount: number,
  order: readonly number[] = [],
): Transitions {
  const next = new Float32Array(classCount * classCount)
  const counts = countPairs(stretches, classCount)
  for (let from = 0; from < classCount; from++) {
    const prior = priorRow(from, classCount, order)
    const row = counts.subarray(from * classCount, (from + 1) * classCount)
    const total = row.reduce((sum, count) => sum + count, 0) + PSEUDO_COUNT
    for (let to = 0; to < classCount; to++) {
      next[from * classCount + to] = (row[to]! + PSEUDO_COUNT * prior[to]!) / total
    }
  }
  return { next, initial: timeShares(stretches, classCount) }
}

function countPairs(stretches: readonly (readonly Run[])[], classCount: number): Float64Array {
  const counts = new Float64Array(classCount * classCount)
  for (const stretch of stretches) {
    for (const [index, run] of stretch.slice(1).entries()) {
      counts[stretch[index]!.classIndex * classCount + run.classIndex]! += 1
    }
  }
  return counts
}

function priorRow(from: number, classCount: number, order: readonly number[]): Float64Array {
  const row = new Float64Array(classCount)
  const add = (targets: readonly number[], mass: number) => {
    for (const target of targets) row[target]! += mass / targets.length
  }
  const others = Array.from({ length: classCount }, (_, index) => index).filter(index => index !== from)
  const position = order.indexOf(from)
  if (position < 0) {
    add(others, 1)
    return row
  }
  const successor = order[(position + 1) % order.length]!
  add(successor === from ? [0] : [successor], ORDERED.next)
  add([0], ORDERED.background)
  add(others, ORDERED.any)
  return row
}

/** Shares of labelled time, one pseudo-step each, so that no class is ruled out at the start. */
function timeShares(stretches: readonly (readonly Run[])[], classCount: number): Float32Array {
  const steps = new Float64Array(classCount).fill(1)
  for (const run of stretches.flat()) steps[run.classIndex]! += run.end - run.start
  const total = steps.reduce((sum, count) => sum + count, 0)
  return Float32Array.from(steps, count => count / total)
}
