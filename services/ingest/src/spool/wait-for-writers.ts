import { readdir, readFile, readlink } from 'node:fs/promises'
import { sleep } from '@takt/service/loop'
import { spoolLayout } from './spool-layout.ts'

const patienceMs = 5000
const lookAgainMs = 50

/**
 * Waits until no ffmpeg works in the spool any more. When an ingest is killed its children are told to end, but each
 * takes a moment to close its last segment, and a successor that looks too early would find that one cut short.
 * Linux only: elsewhere there is no `/proc`, and none are found.
 */
export async function waitForWriters(root: string): Promise<void> {
  for (let waited = 0; waited < patienceMs && (await hasWriters(root)); waited += lookAgainMs) await sleep(lookAgainMs)
}

async function hasWriters(root: string): Promise<boolean> {
  const inside = `${spoolLayout(root).cameras}/`
  const pids = (await readdir('/proc').catch(() => [])).filter(name => /^\d+$/.test(name))
  const found = await Promise.all(
    pids.map(async pid => {
      try {
        const directory = await readlink(`/proc/${pid}/cwd`)
        return directory.startsWith(inside) && (await readFile(`/proc/${pid}/comm`, 'utf8')).trim() === 'ffmpeg'
      } catch {
        return false // it has ended meanwhile, or belongs to another user
      }
    }),
  )
  return found.includes(true)
}
