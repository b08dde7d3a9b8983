import { Child } from './child.ts'
import { runtimeError } from './errors.ts'
import { type ChildOptions, type Replies, type Request, valueIn } from './protocol.ts'
import { packTensors, type TensorSlot, type Tensors, unpackTensors } from './tensor.ts'

/** A loaded model: its identity within the runtime, and what it takes and gives. */
export interface Session {
  readonly id: number
  readonly inputs: readonly TensorSlot[]
  readonly outputs: readonly TensorSlot[]
}

export interface RuntimeOptions extends ChildOptions {
  /** Calls that may wait at once; further ones are refused with the retryable `queue_full`. */
  readonly maxPending?: number
  /** Ends the runtime at once: what is pending rejects with `closed`. */
  readonly signal?: AbortSignal
}

const MAX_PENDING = 256

/** Longest wait for pending calls when the runtime is disposed. */
const DRAIN_MS = 10_000

/** Starts ONNX Runtime in a child process, because its runs block the thread that calls them; throws if it cannot. */
export async function openRuntime(options: RuntimeOptions): Promise<Runtime> {
  options.signal?.throwIfAborted()
  const runtime = new Runtime(options)
  try {
    await runtime.cpuSeconds()
  } catch (error) {
    await runtime[Symbol.asyncDispose]()
    throw error
  }
  return runtime
}

/**
 * Models and runs, served in the order of the calls. When the child ends, every pending call rejects with the
 * retryable `child_crashed`, and the next call starts a fresh child, in which models are loaded again on use.
 */
export class Runtime implements AsyncDisposable {
  readonly #options: RuntimeOptions
  readonly #models = new Map<number, Uint8Array>()
  readonly #queue: Call[] = []
  #pending = 0
  #child: Child | undefined
  #serving: Promise<void> | undefined
  #sessions = 0
  #closed = false
  #aborted = false
  /** CPU of children that have ended, as of their last replies. */
  #spentSeconds = 0

  constructor(options: RuntimeOptions) {
    this.#options = options
    options.signal?.addEventListener('abort', this.#abort, { once: true })
  }

  /** Loads a serialised ONNX model of static shapes; throws `model_refused`. */
  async load(model: Uint8Array): Promise<Session> {
    const id = ++this.#sessions
    const slots = await this.#call(child => this.#load(child, id, model))
    this.#models.set(id, model)
    return { id, ...slots }
  }

  /** Runs a session on `inputs` by name and gives its outputs by name; throws `run_failed`. */
  run({ id }: Pick<Session, 'id'>, inputs: Tensors): Promise<Tensors> {
    return this.#call(async child => {
      const model = this.#models.get(id)
      if (!model) throw runtimeError('unknown_session', { session: id })
      if (!child.loaded.has(id)) await this.#load(child, id, model)
      const packed = packTensors(inputs)
      const request: Request = { kind: 'run', session: id, inputs: packed.slots }
      const { message, payloads } = await child.request(request, packed.payloads)
      const { outputs } = valueIn<'run'>(message, reason => runtimeError('run_failed', { session: id, reason }))
      return unpackTensors(outputs, payloads)
    })
  }

  /** Forgets a session and frees its memory in the child. */
  unload({ id }: Pick<Session, 'id'>): Promise<void> {
    return this.#call(async child => {
      this.#models.delete(id)
      if (child.loaded.delete(id)) await child.request({ kind: 'unload', session: id })
    })
  }

  /** CPU-seconds used by all children so far, user and system; of a crashed one, as of its last reply. */
  cpuSeconds(): Promise<number> {
    return this.#call(async child => {
      await child.request({ kind: 'usage' })
      return this.#spentSeconds + child.cpuSeconds
    })
  }

  /** The living child's process id. */
  get childPid(): number | undefined {
    return this.#child?.pid
  }

  /** Refuses new calls, waits a bounded time for pending ones, and ends the child. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true
    this.#options.signal?.removeEventListener('abort', this.#abort)
    const timer = setTimeout(this.#abort, DRAIN_MS)
    await this.#serving
    clearTimeout(timer)
    await this.#child?.[Symbol.asyncDispose]()
  }

  #call<T>(work: (child: Child) => Promise<T>): Promise<T> {
    const { maxPending = MAX_PENDING } = this.#options
    if (this.#closed) return Promise.reject(runtimeError('closed', { what: 'runtime' }))
    if (this.#pending >= maxPending) {
      return Promise.reject(runtimeError('queue_full', { pending: this.#pending, limit: maxPending }))
    }
    const { promise, resolve, reject } = Promise.withResolvers<T>()
    this.#pending++
    this.#queue.push({ reject, serve: child => work(child).then(resolve, error => reject(this.#reason(error))) })
    this.#serving ??= this.#serve()
    return promise.finally(() => this.#pending--)
  }

  async #serve(): Promise<void> {
    for (let call = this.#queue.shift(); call; call = this.#queue.shift()) {
      this.#child ??= this.#start()
      await call.serve(this.#child)
    }
    // In the same turn as the last look at the queue, so that no call is left behind.
    this.#serving = undefined
  }

  #start(): Child {
    const child = new Child(this.#options)
    child.ended.then(failure => {
      this.#child = undefined
      this.#spentSeconds += child.cpuSeconds
      for (const { reject } of this.#queue.splice(0)) reject(this.#reason(failure))
    })
    return child
  }

  readonly #abort = (): void => {
    this.#closed = true
    this.#aborted = true
    for (const { reject } of this.#queue.splice(0)) reject(runtimeError('closed', { what: 'runtime' }))
    this.#child?.kill()
  }

  /** A child killed by an abort has not crashed. */
  #reason(error: unknown): unknown {
    return this.#aborted ? runtimeError('closed', { what: 'runtime' }, { cause: error }) : error
  }

  async #load(child: Child, id: number, model: Uint8Array): Promise<Replies['load']> {
    const { message } = await child.request({ kind: 'load', session: id }, [model])
    const { provider } = this.#options
    const slots = valueIn<'load'>(message, reason =>
      runtimeError('model_refused', { provider, bytes: model.length, reason }),
    )
    child.loaded.add(id)
    return slots
  }
}

interface Call {
  /** Settles the caller's promise; never rejects. */
  readonly serve: (child: Child) => Promise<void>
  readonly reject: (reason: unknown) => void
}
