import type { Transaction } from '@takt/db'
import type { ProcessTree } from '@takt/domain'
import { apiError } from '../../errors.ts'

/** Writes the next version of a process with its steps. Throws `process-version-out-of-order` unless it comes last. */
export async function addVersion(
  tx: Transaction,
  { process, tree, validFrom }: { readonly process: string; readonly tree: ProcessTree; readonly validFrom: Date },
): Promise<string> {
  // Under the process's lock, so that two writers get two numbers.
  await tx.$queryRaw`select 1 from process where id = ${process}::uuid for update`
  const newest = await tx.processVersion.findFirst({ where: { processId: process }, orderBy: { version: 'desc' } })
  if (newest && validFrom <= newest.validFrom)
    throw apiError('process-version-out-of-order', {
      validFrom: validFrom.toISOString(),
      newest: newest.validFrom.toISOString(),
    })
  const { id: version } = await tx.processVersion.create({
    data: { processId: process, version: (newest?.version ?? 0) + 1, validFrom },
    select: { id: true },
  })
  for (const task of tree.children) {
    const { id: parent } = await tx.step.create({ data: stepRow(task, version, null), select: { id: true } })
    if (task.children.length > 0)
      await tx.step.createMany({ data: task.children.map(motion => stepRow(motion, version, parent)) })
  }
  return version
}

const stepRow = (node: ProcessTree, processVersionId: string, parentId: string | null) => ({
  processVersionId,
  parentId,
  level: node.level,
  name: node.name,
  externalId: node.externalId,
  position: node.position,
  opensCycle: node.opensCycle,
  optional: node.optional,
  repeats: node.repeats,
  anyOrderGroup: node.anyOrderGroup,
  expectedMs: node.expectedMs,
})
