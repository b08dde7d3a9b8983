import { readdir, readFile, readlink } from 'node:fs/promises'
import { sleep } from '@takt/service/loop'
import { spoolLayout } from './spool-layout.ts'

const patienceMs = 4000
const lookAgainMs = 100

/**
 * Ends the ffmpeg children of an earlier ingest that was killed: they go on to write into this spool, unwatched, and
 * hold the cameras' connections. They are known by their working directory; asked first, so that they close their
 * last segment. Returns how many there were. Linux only: elsewhere there is no `/proc` and none are found.
 */
export async function endOrphans(root: string): Promise<number> {
  const orphans = await writersIn(root)
  for (const pid of orphans) kill(pid, 'SIGINT')
  for (let waited = 0; waited < patienceMs && (await writersIn(root)).length > 0; waited += lookAgainMs)
    await sleep(lookAgainMs)
  for (const pid of await writersIn(root)) kill(pid, 'SIGKILL')
  return orphans.length
}

async function writersIn(root: string): Promise<readonly number[]> {
  const inside = `${spoolLayout(root).cameras}/`
  const pids = (await readdir('/proc').catch(() => [])).filter(name => /^\d+$/.test(name))
  const found = await Promise.all(
    pids.map(async pid => {
      try {
        if (!(await readlink(`/proc/${pid}/cwd`)).startsWith(inside)) return []
        return (await readFile(`/proc/${pid}/comm`, 'utf8')).trim() === 'ffmpeg' ? [Number(pid)] : []
      } catch {
        return [] // it has ended meanwhile, or belongs to another user
      }
    }),
  )
  return found.flat()
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
