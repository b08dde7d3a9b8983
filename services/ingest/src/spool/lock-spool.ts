import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { ingestError } from '../errors.ts'
import { readJson } from './read-json.ts'
import { writeWhole } from './write-whole.ts'

const ownerSchema = z.object({ pid: z.int(), startedAt: z.string() })

/**
 * Claims the spool for this process, so that no other takes its segments for left ones. A claim whose process has
 * ended is void; a process is known by its id and its start, because ids are used again.
 * Throws `spool-in-use`. The returned function gives the spool free.
 */
export async function lockSpool(root: string): Promise<() => Promise<void>> {
  const path = join(root, 'owner.json')
  const owner = await readJson(path, ownerSchema)
  if (owner && owner.pid !== process.pid && (await startOf(owner.pid)) === owner.startedAt)
    throw ingestError('spool-in-use', { root, pid: owner.pid })
  await writeWhole(path, { pid: process.pid, startedAt: await startOf(process.pid) })
  return () => rm(path, { force: true })
}

/** Clock ticks since boot at which a process started (field 22 of `/proc/<pid>/stat`); empty where there is none. */
async function startOf(pid: number): Promise<string> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
    // The second field is the command in parentheses, which may itself hold blanks and parentheses.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
  } catch {
    return ''
  }
}
