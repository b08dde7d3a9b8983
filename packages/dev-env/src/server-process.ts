import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { childEnvironment } from './config.ts'
import { devEnvError } from './errors.ts'
import { logTail } from './log-tail.ts'
import { endLeftover, writePidFile } from './pid-file.ts'

export interface ServerInput {
  readonly text: string
  /** A server that reads on after `text` learns from the end of its input that its owner has died. */
  readonly after: 'close' | 'stay-open'
}

export interface ServerProcessOptions {
  /** Unique in the state directory: names the log and the pid file. */
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly stateDir: string
  /** Written to standard input: secrets belong here, never into the arguments. */
  readonly input?: ServerInput
  /** How the server is asked to stop; SIGTERM by default. */
  readonly stopSignal?: NodeJS.Signals
  readonly stopWithinMs?: number
}

/** How a process ended: a code, or the signal that killed it. */
export interface Exit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** A child whose output goes to `log`; it is ended by its pid alone, and by the next run if this one dies. */
export interface ServerProcess extends AsyncDisposable {
  readonly name: string
  readonly pid: number
  readonly log: string
  readonly exited: Promise<Exit>
  kill(signal: NodeJS.Signals): void
  /** Asks, waits `stopWithinMs` (10 s by default), then kills. Resolves when the process is gone. */
  stop(): Promise<void>
}

/** Ends a leftover of the same name first. Throws `command-failed` when the program cannot be started. */
export const startServerProcess = async (options: ServerProcessOptions): Promise<ServerProcess> => {
  const { name, stateDir, stopSignal = 'SIGTERM', stopWithinMs = 10_000 } = options
  const pidFile = join(stateDir, 'pids', `${name}.json`)
  await endLeftover(pidFile, { name, stopSignal })
  const log = join(stateDir, 'logs', `${name}.log`)
  await mkdir(join(stateDir, 'logs'), { recursive: true })
  const child = await spawnLogged(options, log)
  const exited = once(child, 'exit').then(([code, signal]): Exit => ({ code, signal }))
  await writePidFile(pidFile, child.pid!)

  const kill = (signal: NodeJS.Signals) => void child.kill(signal)
  const stop = async () => {
    kill('SIGCONT') // A stopped process hears nothing else.
    kill(stopSignal)
    const limit = new AbortController()
    await Promise.race([exited, sleep(stopWithinMs, undefined, { signal: limit.signal }).catch(() => undefined)])
    limit.abort()
    kill('SIGKILL')
    await exited
    await rm(pidFile, { force: true })
  }
  return { name, pid: child.pid!, log, exited, kill, stop, [Symbol.asyncDispose]: stop }
}

const spawnLogged = async ({ command, args, env, input }: ServerProcessOptions, log: string) => {
  const file = await open(log, 'a')
  try {
    const child = spawn(command, args, {
      env: { ...childEnvironment(), ...env },
      stdio: [input === undefined ? 'ignore' : 'pipe', file.fd, file.fd],
      // A terminal's Ctrl-C reaches the owner alone, which then stops its servers in order.
      detached: true,
    })
    await once(child, 'spawn')
    child.stdin?.on('error', () => undefined) // One that dies before it reads is reported by its exit.
    child.stdin?.write(input?.text ?? '')
    if (input?.after === 'close') child.stdin?.end()
    return child
  } catch (cause) {
    throw devEnvError('command-failed', { command, how: 'could not be started', output: String(cause) }, { cause })
  } finally {
    await file.close()
  }
}

export interface ReadyOptions {
  readonly isReady: () => Promise<boolean>
  readonly withinMs: number
  readonly signal?: AbortSignal | undefined
}

const pollMs = 50

/** Polls until `isReady`; when the server ends or the time is over, stops it and throws with the tail of its log. */
export const waitUntilReady = async (server: ServerProcess, { isReady, withinMs, signal }: ReadyOptions) => {
  const deadline = performance.now() + withinMs
  let exit: Exit | undefined
  void server.exited.then(ended => {
    exit = ended
  })
  try {
    while (!(await isReady())) {
      signal?.throwIfAborted()
      const facts = { name: server.name, log: server.log }
      if (exit !== undefined)
        throw devEnvError('server-exited', { ...facts, how: describeExit(exit), tail: await logTail(server.log) })
      if (performance.now() > deadline)
        throw devEnvError('server-not-ready', { ...facts, withinMs, tail: await logTail(server.log) })
      await sleep(pollMs)
    }
  } catch (error) {
    await server.stop()
    throw error
  }
}

/** `code 1` or `SIGKILL`. */
export const describeExit = ({ code, signal }: Exit): string => signal ?? `code ${code}`
