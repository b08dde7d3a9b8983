import { readdir, readFile } from 'node:fs/promises'
import { benchError } from '../errors.ts'

/** Kernel ticks a second (USER_HZ), the same on every Linux that Node runs on. */
const ticksPerSecond = 100

/** What `/proc/PID/stat` says of a process's CPU, user and system, in seconds. */
export interface ProcessStat {
  readonly parent: number
  /** Of the process itself. */
  readonly own: number
  /** Of children that have ended and were waited for, and of theirs. */
  readonly reaped: number
}

/** Reads the text of `/proc/PID/stat`; the name in brackets may hold anything, brackets too. */
export function parseProcessStat(text: string): ProcessStat {
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number)
  const [utime, stime, cutime, cstime] = fields.slice(11, 15) as [number, number, number, number]
  return { parent: fields[1]!, own: (utime + stime) / ticksPerSecond, reaped: (cutime + cstime) / ticksPerSecond }
}

/** CPU-seconds of a process and of everything it has ever started. */
export interface TreeCpu {
  readonly own: number
  /** Of children that have ended. */
  readonly reaped: number
  /** Of children that live, and of all below them. */
  readonly living: number
  readonly total: number
}

/** Throws `process-gone`. */
export async function treeCpu(root: number): Promise<TreeCpu> {
  const stats = await readAllStats()
  const rootStat = stats.get(root)
  if (!rootStat) throw benchError('process-gone', { pid: root })
  const childrenOf = Map.groupBy(stats.keys(), pid => stats.get(pid)!.parent)
  const below = (pid: number): number =>
    (childrenOf.get(pid) ?? []).reduce((sum, child) => {
      const { own, reaped } = stats.get(child)!
      return sum + own + reaped + below(child)
    }, 0)
  const { own, reaped } = rootStat
  const living = below(root)
  return { own, reaped, living, total: own + reaped + living }
}

export const cpuBetween = (before: TreeCpu, after: TreeCpu): TreeCpu => ({
  own: after.own - before.own,
  reaped: after.reaped - before.reaped,
  living: after.living - before.living,
  total: after.total - before.total,
})

/** CPU-seconds of the children of this process that have ended. */
export const reapedCpuSeconds = async (): Promise<number> =>
  parseProcessStat(await readFile('/proc/self/stat', 'utf8')).reaped

async function readAllStats(): Promise<ReadonlyMap<number, ProcessStat>> {
  const pids = (await readdir('/proc')).filter(name => /^\d+$/.test(name)).map(Number)
  const entries = await Promise.all(
    pids.map(async pid => {
      const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined) // It may end meanwhile.
      return text === undefined ? [] : [[pid, parseProcessStat(text)] as const]
    }),
  )
  return new Map(entries.flat())
}
