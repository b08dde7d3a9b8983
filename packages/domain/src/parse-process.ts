import { checkProcess } from './check-process.ts'
import { DomainError } from './errors.ts'
import { type ProcessDraft, type ProcessTree, processLevels } from './process.ts'

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
    repeats: node.repeats ?? false,
    anyOrderGroup: node.anyOrderGroup?.trim() ?? null,
    children: (node.children ?? []).map((child, i) => grow(child, depth + 1, i)),
  })
  return grow(draft, 0, 0)
}
