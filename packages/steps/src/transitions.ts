import { StepsError } from './errors.ts'
import { processStates } from './hmm/process-states.ts'
import { processTransitions } from './hmm/process-transitions.ts'
import type { ProcessTree } from './hmm/process-tree.ts'
import type { Run } from './labelled-runs.ts'

/**
 * What follows what: `next[from, to]` with a zero diagonal and rows of sum 1, and `initial`, the share of time each
 * class takes, which is the chance to find it under way when video begins.
 */
export type Transitions = { readonly next: Float32Array; readonly initial: Float32Array }

/** Pseudo-observations a row: seen order dominates after a cycle, an unseen order stays possible. */
const PSEUDO_COUNT = 0.5

/** With a process: chance to go on as it prescribes, to pause, and to do anything else. */
const PRESCRIBED = { next: 0.6, background: 0.3, any: 0.1 } as const

/**
 * Learns transitions from labelled stretches under a Dirichlet prior: (n(a,b) + n₀ · prior(a,b)) / (n(a) + n₀). The prior
 * goes on as the process prescribes, its optional steps, groups in any order and repeats included; without a process
 * every other class is equally likely. Throws `process_malformed`.
 */
export function learnTransitions(
  stretches: readonly (readonly Run[])[],
  classCount: number,
  process?: ProcessTree,
): Transitions {
  const next = new Float32Array(classCount * classCount)
  const counts = countPairs(stretches, classCount)
  const prescribed = process && prescribedTransitions(process, classCount)
  for (let from = 0; from < classCount; from++) {
    const prior = priorRow(from, classCount, prescribed)
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

/** A process whose steps follow one another in one order, each once. */
export function processInOrder(order: readonly number[]): ProcessTree {
  return { kind: 'sequence', parts: order.map(classIndex => ({ kind: 'step', classIndex })) }
}

/** P(to | from) by the process alone, `[from, to]`; a class outside of it has a row of zeros. */
function prescribedTransitions(process: ProcessTree, classCount: number): Float64Array {
  const states = processStates(process)
  const beyond = states.classOf.find(classIndex => classIndex === 0 || classIndex >= classCount)
  if (beyond !== undefined) {
    throw new StepsError('process_malformed', { reason: `class ${beyond} is none of ${classCount - 1} steps` })
  }
  return processTransitions(states, classCount)
}

function priorRow(from: number, classCount: number, prescribed: Float64Array | undefined): Float64Array {
  const row = new Float64Array(classCount)
  const elsewhere = 1 / (classCount - 1)
  const onward = prescribed?.subarray(from * classCount, (from + 1) * classCount)
  const isPrescribed = onward?.some(chance => chance > 0) ?? false
  for (let to = 0; to < classCount; to++) {
    if (to !== from) row[to] = isPrescribed ? PRESCRIBED.next * onward![to]! + PRESCRIBED.any * elsewhere : elsewhere
  }
  if (isPrescribed) row[0]! += PRESCRIBED.background
  return row
}

/** Shares of labelled time, one pseudo-step each, so that no class is ruled out at the start. */
function timeShares(stretches: readonly (readonly Run[])[], classCount: number): Float32Array {
  const steps = new Float64Array(classCount).fill(1)
  for (const run of stretches.flat()) steps[run.classIndex]! += run.end - run.start
  const total = steps.reduce((sum, count) => sum + count, 0)
  return Float32Array.from(steps, count => count / total)
}
