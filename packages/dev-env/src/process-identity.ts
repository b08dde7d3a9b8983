import { readFile } from 'node:fs/promises'

/** A process, told apart from a later one that got the same pid: its start in clock ticks since boot (proc(5), field 22). */
export interface ProcessIdentity {
  readonly pid: number
  readonly startTicks: number
}

/** Undefined when there is no such process, or only its zombie. */
export const identifyProcess = async (pid: number): Promise<ProcessIdentity | undefined> => {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ESRCH') return undefined
    throw error
  })
  if (stat === undefined) return undefined
  // The command name, in parentheses, may hold spaces and parentheses itself.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  if (fields[0] === 'Z') return undefined
  return { pid, startTicks: Number(fields[19]) }
}

/** Whether that very process still runs. */
export const isAlive = async (identity: ProcessIdentity): Promise<boolean> =>
  (await identifyProcess(identity.pid))?.startTicks === identity.startTicks
