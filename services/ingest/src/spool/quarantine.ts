import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { sidecarOf, spoolLayout } from './spool-layout.ts'

/** So many unreadable files are kept for whoever looks into them; the oldest goes first. */
export const mostQuarantined = 50

/** Moves a file out of the work, named after its session so that names sort by age; one that is gone has left already. */
export async function quarantine(root: string, path: string): Promise<void> {
  const { quarantine: directory } = spoolLayout(root)
  await mkdir(directory, { recursive: true })
  await rename(path, join(directory, `${basename(dirname(path))}-${basename(path)}`)).catch(unlessMissing)
  await rm(sidecarOf(path), { force: true })
  const names = (await readdir(directory)).sort()
  for (const name of names.slice(0, -mostQuarantined)) await rm(join(directory, name), { force: true })
}

const unlessMissing = (error: NodeJS.ErrnoException): void => {
  if (error.code !== 'ENOENT') throw error
}
