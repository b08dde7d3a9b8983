import { multiplyRows } from './hidden-markov.ts'
import type { ProcessStates } from './process-states.ts'

/**
 * What follows what in a process that is done over and over, `[from, to]` by class: the chain over states, summed over
 * the states of a class by how often each is visited. The process's memory is lost in it: of a group in any order only
 * that each part follows each other. A class that follows itself goes on as one segment; a class outside the process
 * has a row of zeros.
 */
export function processTransitions(states: ProcessStates, classCount: number): Float64Array {
  const { classOf, initial, next, final } = states
  const visits = visitsOf(states)
  const counts = new Float64Array(classCount ** 2)
  for (const [from, ofClass] of classOf.entries()) {
    for (const [to, other] of classOf.entries()) {
      const chance = next[from * classOf.length + to]! + final[from]! * initial[to]!
      if (ofClass !== other) counts[ofClass * classCount + other]! += visits[from]! * chance
    }
  }
  for (let row = 0; row < counts.length; row += classCount) {
    const sum = counts.subarray(row, row + classCount).reduce((total, count) => total + count, 0)
    for (let at = row; at < row + classCount && sum > 0; at++) counts[at]! /= sum
  }
  return counts
}

/** Expected visits of each state in one run of the process: v = initial + v · next. */
function visitsOf({ initial, next }: ProcessStates): Float64Array {
  const visits = Float64Array.from(initial)
  let wave = Float64Array.from(initial)
  for (let mass = 1; mass > 1e-9; ) {
    const onward = new Float64Array(wave.length)
    multiplyRows(onward, wave, next)
    mass = 0
    for (let state = 0; state < onward.length; state++) {
      visits[state]! += onward[state]!
      mass += onward[state]!
    }
    wave = onward
  }
  return visits
}
