import { type ChildProcess, spawn } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { type RuntimeError, runtimeError } from './errors.ts'
import type { Frame } from './frame.ts'
import { onFrame, writeFrame } from './frame-stream.ts'
import { type ChildOptions, REPLIES, REQUESTS, type Reply, type Request } from './protocol.ts'

const ENTRY = fileURLToPath(new URL('./child-main.ts', import.meta.url))

/** How much of the child's last words goes into an error, in characters. */
const LAST_WORDS = 2000

/** How long a child may take to end by itself once its pipe is closed. */
const STOP_MS = 2000

/** A process that runs the native library, one request at a time; once it has ended it stays ended. */
export class Child implements AsyncDisposable {
  /** Sessions that this process holds. */
  readonly loaded = new Set<number>()
  /** CPU used so far by all its threads, as of the last reply. */
  cpuSeconds = 0

  readonly #process: ChildProcess
  readonly #requests: Writable
  readonly #ended = Promise.withResolvers<RuntimeError>()
  #reply = Promise.withResolvers<Frame<Reply> | RuntimeError>()
  #gone: RuntimeError | undefined
  #lastWords = ''
  #spawnError: Error | undefined

  /** `environment` is added to this process's own. */
  constructor({ provider, threads, niceness }: ChildOptions, environment: Readonly<Record<string, string>> = {}) {
    // The caller's options may hold a whole model: only what the child is started with goes into its arguments.
    this.#process = spawn(process.execPath, [ENTRY, JSON.stringify({ provider, threads, niceness })], {
      stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
      env: { ...process.env, ...environment },
    })
    this.#process.on('error', error => {
      this.#spawnError = error
    })
    this.#process.on('close', (code, signal) => {
      this.#gone = this.#failure(code, signal)
      this.#ended.resolve(this.#gone)
      this.#reply.resolve(this.#gone)
    })
    this.#process.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#lastWords = (this.#lastWords + text).slice(-LAST_WORDS)
    })
    this.#requests = this.#process.stdio[REQUESTS] as Writable
    // A write to a process that has just ended fails too; `close` says what it ended of.
    this.#requests.on('error', () => {})
    onFrame<Reply>(this.#process.stdio[REPLIES] as Readable, frame => this.#reply.resolve(frame))
  }

  /** Resolves with the reason once the process is gone. */
  get ended(): Promise<RuntimeError> {
    return this.#ended.promise
  }

  get pid(): number | undefined {
    return this.#process.pid
  }

  /** Sends a request and waits for its reply, or for the end of the process, which is thrown. */
  async request(message: Request, payloads: readonly Uint8Array[] = []): Promise<Frame<Reply>> {
    if (this.#gone) throw this.#gone
    // The end of the process is told to the reply: a race with `ended`, which lives on, would keep every reply alive.
    this.#reply = Promise.withResolvers()
    writeFrame(this.#requests, { message, payloads })
    const reply = await this.#reply.promise
    if (reply instanceof Error) throw reply
    this.cpuSeconds = reply.message.cpuSeconds
    return reply
  }

  /** Lets the process finish its request and end, for a bounded time. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#requests.end()
    const timer = setTimeout(() => this.kill(), STOP_MS)
    await this.ended
    clearTimeout(timer)
  }

  kill(): void {
    this.#process.kill('SIGKILL')
  }

  #failure(code: number | null, signal: NodeJS.Signals | null): RuntimeError {
    if (this.#spawnError) return runtimeError('child_not_started', { command: ENTRY }, { cause: this.#spawnError })
    const how = signal ? `signal ${signal}` : `exit code ${code}`
    return runtimeError('child_crashed', { how, stderr: this.#lastWords.trim() })
  }
}
