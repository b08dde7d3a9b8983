import type { FitWork } from '@takt/db'
import type { ProcessTree } from '@takt/steps'

/** How often an optional task is done, and a task that repeats is done again, before labels say. */
const usual = { optional: 0.7, again: 0.3 } as const

type Task = FitWork['steps'][number]

/**
 * What a process prescribes, as a decoder reads it: the tasks that are learnt, in their order from the one that opens
 * the cycle, with optional ones, groups in any order and repeats. `classes` are those of the head, in its order; at
 * least one is a task of the process.
 */
export function processOf(steps: FitWork['steps'], classes: readonly string[]): ProcessTree {
  const tasks = steps.filter(step => step.level === 'task').toSorted((a, b) => a.position - b.position)
  const opening = Math.max(
    0,
    tasks.findIndex(task => task.opensCycle),
  )
  const learnt = [...tasks.slice(opening), ...tasks.slice(0, opening)].filter(task => classes.includes(task.name))
  // Where all that has to be done was never labelled, what is learnt first stands for it: no cycle is empty.
  const first = learnt.every(task => task.optional) ? learnt[0] : undefined
  const parts = groupsOf(learnt).map((group): ProcessTree => {
    const members = group.map(task => partOf(task, classes.indexOf(task.name), task === first))
    return members.length === 1 ? members[0]! : { kind: 'anyOrder', parts: members }
  })
  return { kind: 'sequence', parts }
}

function partOf(task: Task, classIndex: number, isNeeded: boolean): ProcessTree {
  const step: ProcessTree = { kind: 'step', classIndex }
  const part: ProcessTree = task.repeats ? { kind: 'repeat', part: step, again: usual.again } : step
  return task.optional && !isNeeded ? { kind: 'optional', part, chance: usual.optional } : part
}

/** Neighbours of one group together, every other task for itself. */
function groupsOf(tasks: readonly Task[]): readonly (readonly Task[])[] {
  const groups: Task[][] = []
  for (const task of tasks) {
    const last = groups.at(-1)
    if (last && task.anyOrderGroup !== null && last[0]!.anyOrderGroup === task.anyOrderGroup) last.push(task)
    else groups.push([task])
  }
  return groups
}
