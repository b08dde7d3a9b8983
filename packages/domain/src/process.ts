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
  readonly repeats?: boolean | undefined
  readonly anyOrderGroup?: string | null | undefined
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
  /** Whether it may be done more than once in a cycle. */
  readonly repeats: boolean
  /** Neighbouring tasks that name the same group are done in any order. */
  readonly anyOrderGroup: string | null
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
