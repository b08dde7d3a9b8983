import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** No write takes this long; older temporaries were left by a process that was killed. */
const staleAfterMs = 6 * 3_600_000

/** Removes what killed writers left behind, sparing what other processes write now. */
export const removeStaleTemporaries = async (directory: string, nowMs = Date.now()): Promise<void> => {
  for (const name of await readdir(directory)) {
    const path = join(directory, name)
    const facts = await stat(path).catch(() => null) // Its writer has just finished with it.
    if (facts && facts.mtimeMs < nowMs - staleAfterMs) await rm(path, { force: true })
  }
}
