import { type Exit, type ServerProcess, startServerProcess, waitUntilReady } from './server-process.ts'

export interface ServiceOptions {
  readonly name: string
  /** Path of the service's `main.ts`. */
  readonly entry: string
  /** All the configuration the service gets. */
  readonly env: Readonly<Record<string, string>>
  readonly stateDir: string
  /** Of 127.0.0.1, where it answers `/health/ready`. */
  readonly port: number
  readonly readyWithinMs?: number
  readonly stopWithinMs?: number
  readonly signal?: AbortSignal
}

/** A service in a process of its own; its JSON log is appended to `log`. */
export interface SupervisedService extends AsyncDisposable {
  readonly name: string
  readonly url: string
  readonly log: string
  /** Of the process that runs now, as are `exited` and `kill`. */
  readonly pid: number
  readonly exited: Promise<Exit>
  /** SIGKILL for a crash, SIGSTOP and SIGCONT for a zombie that wakes up. */
  kill(signal: NodeJS.Signals): void
  /** Stops the process if it still runs, starts another with the same configuration and waits until it is ready. */
  restart(): Promise<void>
  /** Waits until the process that runs now is ready. */
  ready(): Promise<void>
  stop(): Promise<void>
}

const defaultReadyWithinMs = 30_000

/** Starts the service and waits until it is ready; throws with the tail of its log when it ends or takes too long. */
export const startService = async (options: ServiceOptions): Promise<SupervisedService> => {
  const { name, port, readyWithinMs = defaultReadyWithinMs, signal } = options
  const url = `http://127.0.0.1:${port}`
  let current = await spawnService(options)
  const ready = () => waitUntilReady(current, { isReady: () => isReady(url), withinMs: readyWithinMs, signal })
  const stop = () => current.stop()
  await ready()
  return {
    name,
    url,
    log: current.log,
    get pid() {
      return current.pid
    },
    get exited() {
      return current.exited
    },
    kill: signalName => current.kill(signalName),
    restart: async () => {
      await current.stop()
      current = await spawnService(options)
      await ready()
    },
    ready,
    stop,
    [Symbol.asyncDispose]: stop,
  }
}

const spawnService = ({ name, entry, env, stateDir, stopWithinMs }: ServiceOptions): Promise<ServerProcess> =>
  startServerProcess({
    name,
    command: process.execPath,
    args: [entry],
    env,
    stateDir,
    ...(stopWithinMs === undefined ? {} : { stopWithinMs }),
  })

const answerWithinMs = 2_000

const isReady = async (url: string): Promise<boolean> => {
  try {
    const response = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(answerWithinMs) })
    await response.body?.cancel()
    return response.ok
  } catch {
    // Nobody listens yet, or not long enough to answer.
    return false
  }
}
