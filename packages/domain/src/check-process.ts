import type { ProcessProblem, ProcessProblemCode } from './problems.ts'
import { type ProcessDraft, processLevels } from './process.ts'

/** Everything that is wrong with a draft; empty when it is valid. */
export function checkProcess(draft: ProcessDraft): readonly ProcessProblem[] {
  return [...checkNode(draft, 0, []), ...checkNames(draft), ...checkTasks(draft)]
}

const problem = (code: ProcessProblemCode, path: readonly string[], what: string): ProcessProblem => {
  const at = path.join(' / ')
  return { code, path: at, message: `${at || 'the process'}: ${what}` }
}

function checkNode(node: ProcessDraft, depth: number, parents: readonly string[]): readonly ProcessProblem[] {
  const path = [...parents, node.name]
  if (depth >= processLevels.length) return [problem('too-deep', path, 'there is no level below a motion')]
  const own: ProcessProblem[] = []
  if (node.name.trim() === '') own.push(problem('name-empty', path, 'a name is empty'))
  if (node.expectedMs != null && !(Number.isFinite(node.expectedMs) && node.expectedMs > 0))
    own.push(problem('expected-time-invalid', path, `an expected time of ${node.expectedMs} ms`))
  if (node.opensCycle && depth !== 1) own.push(problem('cycle-opened-by-no-task', path, 'only a task opens a cycle'))
  if ((node.repeats || node.anyOrderGroup != null) && depth !== 1)
    own.push(problem('order-of-no-task', path, 'only a task repeats or belongs to a group in any order'))
  return [...own, ...(node.children ?? []).flatMap(child => checkNode(child, depth + 1, path))]
}

/** Labels and intervals carry a step's name alone, so a name is used once in a process. */
function checkNames(draft: ProcessDraft): readonly ProcessProblem[] {
  const seen = new Set<string>()
  const visit = (node: ProcessDraft, parents: readonly string[], depth: number): readonly ProcessProblem[] => {
    if (depth > processLevels.length) return []
    const path = [...parents, node.name]
    const name = node.name.trim()
    const twice = seen.has(name) ? [problem('name-duplicate', path, `the name "${name}" is used twice`)] : []
    seen.add(name)
    return [...twice, ...(node.children ?? []).flatMap(child => visit(child, path, depth + 1))]
  }
  return (draft.children ?? []).flatMap(task => visit(task, [draft.name], 1))
}

function checkTasks(draft: ProcessDraft): readonly ProcessProblem[] {
  const tasks = draft.children ?? []
  const path = [draft.name]
  const opening = tasks.filter(task => task.opensCycle)
  const first = opening[0] ?? tasks[0]
  if (!first) return [problem('no-task', path, 'it has no task')]
  if (opening.length > 1)
    return [problem('cycle-opened-twice', path, `${opening.map(t => `"${t.name}"`).join(' and ')} all open the cycle`)]
  if (first.optional)
    return [problem('cycle-opened-by-optional-task', [...path, first.name], 'an optional task cannot open the cycle')]
  if (first.anyOrderGroup != null)
    return [
      problem('cycle-opened-in-any-order', [...path, first.name], 'a task of a group in any order cannot open it'),
    ]
  return checkGroups(tasks, path)
}

/** What a decoder can follow: it remembers which of a group are done. */
const mostInAnyOrder = 7

/** A group's tasks stand together: what stands between them would be in the group. */
function checkGroups(tasks: readonly ProcessDraft[], path: readonly string[]): readonly ProcessProblem[] {
  const groups = tasks.map(task => task.anyOrderGroup?.trim() ?? null)
  return [...new Set(groups)].flatMap(group => {
    if (group === null) return []
    const refuse = (why: string) => [problem('any-order-group-invalid', path, `the group "${group}" ${why}`)]
    const members = groups.filter(each => each === group).length
    if (group === '') return refuse('has no name')
    if (members > mostInAnyOrder) return refuse(`has ${members} tasks, more than ${mostInAnyOrder}`)
    const isTogether = groups.lastIndexOf(group) - groups.indexOf(group) === members - 1
    return isTogether ? [] : refuse('has other tasks between its own')
  })
}
