import { DomainError } from './errors.ts'
import type { UtcMs } from './grid.ts'

/** Levels of the hierarchy (工程 → 作業 → モーション), from the outside in. */
export const processLevels = ['process', 'task', 'motion'] as const
export type ProcessLevel = (typeof processLevels)[number]

/** A process as a person writes it; what is left out takes its default. */
export interface ProcessDraft {
  readonly name: string
  /** The plant's own identifier (an MES operation, for example). */
  readonly externalId?: string | null | undefined
  readonly opensCycle?: boolean | undefined
  readonly expectedMs?: number | null | undefined
  readonly optional?: boolean | undefined
  readonly children?: readonly ProcessDraft[] | undefined
}

/** A node of a valid process tree. A step is a task or a motion. */
export interface ProcessTree {
  readonly level: ProcessLevel
  readonly name: string
  readonly externalId: string | null
  /** Order among its siblings, from 0. */
  readonly position: number
  /** True for exactly one task: where it starts, a cycle starts. */
  readonly opensCycle: boolean
  readonly expectedMs: number | null
  /** Whether a cycle is whole without it. */
  readonly optional: boolean
  readonly children: readonly ProcessTree[]
}

/** A dated version of a process: in force from an instant until the next one. */
export interface ProcessVersion {
  readonly validFromMs: UtcMs
  readonly tree: ProcessTree
}

/** The version in force at an instant, or `null` before the first. */
export function versionInForce<V extends Pick<ProcessVersion, 'validFromMs'>>(
  versions: readonly V[],
  atMs: UtcMs,
): V | null {
  const begun = versions.filter(version => version.validFromMs <= atMs)
  return begun.reduce<V | null>((latest, v) => (latest && latest.validFromMs > v.validFromMs ? latest : v), null)
}

/** The step names of a level, in their order. */
export const stepsOfLevel = (tree: ProcessTree, level: ProcessLevel): readonly ProcessTree[] =>
  tree.level === level ? [tree] : tree.children.flatMap(child => stepsOfLevel(child, level))

export type ProcessProblemCode =
  | 'name-empty'
  | 'name-duplicate'
  | 'too-deep'
  | 'no-task'
  | 'expected-time-invalid'
  | 'cycle-opened-twice'
  | 'cycle-opened-by-no-task'
  | 'cycle-opened-by-optional-task'

export interface ProcessProblem {
  readonly code: ProcessProblemCode
  /** Where in the tree, as names joined by " / ". */
  readonly path: string
  readonly message: string
}

/** Everything that is wrong with a draft; empty when it is valid. */
export function checkProcess(draft: ProcessDraft): readonly ProcessProblem[] {
  return [...checkNode(draft, 0, []), ...checkNames(draft), ...checkTasks(draft)]
}

/** Fills in a draft's defaults; the first task opens the cycle unless another one does. Throws `process-invalid`. */
export function parseProcess(draft: ProcessDraft): ProcessTree {
  const problems = checkProcess(draft)
  if (problems.length) throw new DomainError('process-invalid', { problems })
  const tasks = draft.children ?? []
  const opening = tasks.find(task => task.opensCycle) ?? tasks[0]
  const grow = (node: ProcessDraft, depth: number, position: number): ProcessTree => ({
    level: processLevels[depth]!,
    name: node.name.trim(),
    externalId: node.externalId ?? null,
    position,
    opensCycle: node === opening,
    expectedMs: node.expectedMs ?? null,
    optional: node.optional ?? false,
    children: (node.children ?? []).map((child, i) => grow(child, depth + 1, i)),
  })
  return grow(draft, 0, 0)
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
  return []
}
