import { readdir, readFile } from 'node:fs/promises'
import { benchError } from '../errors.ts'

/** Kernel ticks a second (USER_HZ), the same on every Linux that Node runs on. */
const ticksPerSecond = 100

/** CPU a process has used, user and system, in seconds. */
export interface ProcessCpu {
  /** Of the process itself. */
  readonly own: number
  /** Of children that have ended and were waited for, and of theirs. */
  readonly reaped: number
}

/** What `/proc/PID/stat` says of CPU and of the parent; the name in brackets may hold anything, brackets too. */
export function parseProcessStat(text: string): ProcessCpu & { readonly parent: number } {
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number)
  const [utime, stime, cutime, cstime] = fields.slice(11, 15) as [number, number, number, number]
  return {
    parent: fields[1]!,
    own: (utime + stime) / ticksPerSecond,
    reaped: (cutime + cstime) / ticksPerSecond,
  }
}

/** CPU-seconds of a process and of everything it has ever started, living or reaped; throws `process-gone`. */
export async function treeCpuSeconds(root: number): Promise<number> {
  const stats = await readAllStats()
  if (!stats.has(root)) throw benchError('process-gone', { pid: root })
  const children = Map.groupBy(stats.keys(), pid => stats.get(pid)!.parent)
  const cpuBelow = (pid: number): number => {
    const { own, reaped } = stats.get(pid)!
    return own + reaped + (children.get(pid) ?? []).reduce((sum, child) => sum + cpuBelow(child), 0)
  }
  return cpuBelow(root)
}

async function readAllStats(): Promise<ReadonlyMap<number, ReturnType<typeof parseProcessStat>>> {
  const pids = (await readdir('/proc')).filter(name => /^\d+$/.test(name)).map(Number)
  const entries = await Promise.all(
    pids.map(async pid => {
      const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined) // It may end meanwhile.
      return text === undefined ? [] : [[pid, parseProcessStat(text)] as const]
    }),
  )
  return new Map(entries.flat())
}
