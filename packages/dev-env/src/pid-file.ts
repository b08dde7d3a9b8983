import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { devEnvError } from './errors.ts'
import { identifyProcess, isAlive, type ProcessIdentity } from './process-identity.ts'

const stopWithinMs = 5_000
const killWithinMs = 5_000
const pollMs = 25

/** Notes which process runs, so that a later run can end it if this one cannot. */
export const writePidFile = async (path: string, pid: number): Promise<void> => {
  const identity = await identifyProcess(pid)
  if (identity === undefined) return
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, JSON.stringify(identity))
}

export interface LeftoverOptions {
  /** For the error. */
  readonly name: string
  /** How it is asked to stop, before it is killed. */
  readonly stopSignal: NodeJS.Signals
}

/** Ends what an earlier run left behind, if it is still the process that run had started. */
export const endLeftover = async (path: string, options: LeftoverOptions): Promise<void> => {
  const identity = parseIdentity(await readFile(path, 'utf8').catch(() => ''))
  if (identity !== undefined) await endProcess(identity, options)
  await rm(path, { force: true })
}

const parseIdentity = (text: string): ProcessIdentity | undefined => {
  try {
    const { pid, startTicks } = JSON.parse(text) as ProcessIdentity
    return Number.isInteger(pid) && pid > 1 && Number.isInteger(startTicks) ? { pid, startTicks } : undefined
  } catch {
    // A file cut short by a crash names no process.
    return undefined
  }
}

const endProcess = async (identity: ProcessIdentity, { name, stopSignal }: LeftoverOptions): Promise<void> => {
  if (!(await isAlive(identity))) return
  process.kill(identity.pid, 'SIGCONT')
  process.kill(identity.pid, stopSignal)
  if (await endsWithin(identity, stopWithinMs)) return
  process.kill(identity.pid, 'SIGKILL')
  if (!(await endsWithin(identity, killWithinMs))) throw devEnvError('server-survived', { name, pid: identity.pid })
}

const endsWithin = async (identity: ProcessIdentity, limitMs: number): Promise<boolean> => {
  for (let waitedMs = 0; waitedMs < limitMs; waitedMs += pollMs) {
    if (!(await isAlive(identity))) return true
    await sleep(pollMs)
  }
  return false
}
