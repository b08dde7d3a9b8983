import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Child } from './child.ts'
import { type RuntimeError, runtimeError } from './errors.ts'
import { type Placement, requireProvider } from './placement.ts'
import { type Advance, type ChildOptions, type Replies, type Request, valueIn } from './protocol.ts'
import { requireMemory } from './require-memory.ts'
import { elementCount, packTensors, type Tensors, unpackTensors } from './tensor.ts'
import { requireTensors, type TrainingSlots, trainingSlots } from './training-slots.ts'

/** State after `step` steps. */
export interface Checkpoint {
  readonly step: number
  readonly state: Tensors
}

export interface TrainingOptions extends ChildOptions {
  /** A serialised ONNX model of some steps a call: takes state `x`, gives `next.x` and what each step collects. */
  readonly model: Uint8Array
  readonly from: Checkpoint
  /** Bound on state, in two copies, and one call's batches. */
  readonly limitBytes: number
  /** What to do about operators that ran on another provider than the one asked for; refused unless given. */
  readonly elsewhere?: 'refuse' | 'report'
  /** Ends the run after the call in progress, with a checkpoint. */
  readonly signal?: AbortSignal
  /** How long that call may take before the child is killed and the checkpoint before it stands. */
  readonly graceMs?: number
}

/** What one call brought. */
export interface Progress {
  /** Steps made so far. */
  readonly step: number
  /** What each step of the call gave: `[steps, …]` by name. */
  readonly losses: Tensors
  readonly metrics: TrainingMetrics
}

export interface TrainingMetrics {
  /** Time of the call in the native library. */
  readonly runMs: number
  readonly cpuSeconds: number
  /** Memory of the child after the call. */
  readonly residentBytes: number
}

const GRACE_MS = 10_000

/** Starts a child, loads the model and hands it the state; throws `bad_training_model`, `over_memory_limit`, … */
export async function openTraining(options: TrainingOptions): Promise<TrainingRun> {
  options.signal?.throwIfAborted()
  const run = new TrainingRun(options)
  try {
    await run.restore(options.from)
  } catch (error) {
    await run[Symbol.asyncDispose]()
    throw error
  }
  return run
}

/**
 * A training run, whose state stays in a child process of its own. A failure stops it: every further call throws
 * that failure again, until `restore` makes it go on, in a fresh child where the old one is gone.
 */
export class TrainingRun implements AsyncDisposable {
  readonly #options: TrainingOptions
  #child: Child | undefined
  #slots: TrainingSlots | undefined
  #step = 0
  #lastCheckpoint: Checkpoint
  #placements: readonly Placement[] = []
  #failure: RuntimeError | undefined
  #turn: Promise<unknown> = Promise.resolve()

  constructor(options: TrainingOptions) {
    this.#options = options
    this.#lastCheckpoint = options.from
    options.signal?.addEventListener('abort', this.#abort, { once: true })
  }

  /** Makes the model's steps on one call's batches and schedules; throws `not_finite`, `ran_elsewhere`, `child_crashed`, … */
  advance(inputs: Tensors): Promise<Progress> {
    return this.#inTurn(async () => {
      const { child, slots } = this.#requireRunning()
      requireTensors('inputs', inputs, slots.inputs)
      const packed = packTensors(inputs)
      const spent = child.cpuSeconds
      const request: Request = { kind: 'advance', inputs: packed.slots }
      const { value, payloads } = await this.#ask<'advance'>(child, request, packed.payloads)
      const { collected, notFinite, placements, runMs, residentBytes } = value
      if (placements) this.#placements = placements
      if (notFinite) throw await this.#stopOn(this.#notFinite(slots, notFinite))
      this.#step += slots.steps
      if (placements) await this.#judge(placements)
      return {
        step: this.#step,
        losses: unpackTensors(collected, payloads),
        metrics: { runMs, cpuSeconds: child.cpuSeconds - spent, residentBytes },
      }
    })
  }

  /** Copies the state out of the child; from here on it is the last checkpoint. */
  checkpoint(): Promise<Checkpoint> {
    return this.#inTurn(() => {
      this.#requireRunning()
      return this.#copyOut()
    })
  }

  /** Goes on from a checkpoint, also after a failure; throws `bad_tensors` if it is not of this model. */
  restore(checkpoint: Checkpoint): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#failure?.code === 'closed' || this.#failure?.code === 'training_stopped') throw this.#failure
      this.#child ??= this.#start()
      const child = this.#child
      this.#slots ??= await this.#load(child)
      requireTensors('state', checkpoint.state, this.#slots.state)
      const { slots, payloads } = packTensors(checkpoint.state)
      await this.#ask<'setState'>(child, { kind: 'setState', state: slots }, payloads)
      this.#step = checkpoint.step
      this.#lastCheckpoint = checkpoint
      this.#failure = undefined
    })
  }

  /** The state to go on from: given at the start, copied out, or kept when the run stopped. */
  get lastCheckpoint(): Checkpoint {
    return this.#lastCheckpoint
  }

  /** What ran where in the first call of the child; empty before it. */
  get placements(): readonly Placement[] {
    return this.#placements
  }

  /** The living child's process id. */
  get childPid(): number | undefined {
    return this.#child?.pid
  }

  /** Waits a bounded time for the call in progress and ends the child. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#options.signal?.removeEventListener('abort', this.#abort)
    await this.#withinGrace(() => this.#end(runtimeError('closed', { what: 'training run' })))
  }

  readonly #abort = (): void => {
    void this.#withinGrace(async () => {
      const failure = await this.#keepState()
      await this.#end(this.#stopped(failure ?? this.#options.signal?.reason))
    })
  }

  #stopped(cause: unknown): RuntimeError {
    return runtimeError('training_stopped', { step: this.#lastCheckpoint.step }, { cause })
  }

  /** Copies the state out if there is one; gives why there is none. */
  async #keepState(): Promise<unknown> {
    if (this.#failure) return this.#failure
    return this.#copyOut().then(
      () => undefined,
      error => error,
    )
  }

  async #withinGrace(work: () => Promise<void>): Promise<void> {
    const timer = setTimeout(() => this.#child?.kill(), this.#options.graceMs ?? GRACE_MS)
    await this.#inTurn(work).finally(() => clearTimeout(timer))
  }

  async #end(failure: RuntimeError): Promise<void> {
    const child = this.#child
    this.#child = undefined
    this.#failure = failure
    await child?.[Symbol.asyncDispose]()
  }

  /** One call after the other, in their order, whatever became of the ones before. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work)
    this.#turn = result.catch(() => {})
    return result
  }

  #requireRunning(): { readonly child: Child; readonly slots: TrainingSlots } {
    if (this.#failure) throw this.#failure
    return { child: this.#child!, slots: this.#slots! }
  }

  #start(): Child {
    const child = new Child(this.#options)
    this.#slots = undefined
    child.ended.then(failure => {
      if (this.#child !== child) return
      this.#child = undefined
      this.#failure ??= failure
    })
    return child
  }

  async #load(child: Child): Promise<TrainingSlots> {
    const { model, provider, limitBytes } = this.#options
    const profileFolder = await mkdtemp(join(tmpdir(), 'takt-profile-'))
    // The child removes what it has read; this is for one that ends before.
    void child.ended.then(() => rm(profileFolder, { recursive: true, force: true }))
    const { message } = await child.request({ kind: 'openTraining', profileFolder }, [model])
    const signature = valueIn<'openTraining'>(message, reason =>
      runtimeError('model_refused', { provider, bytes: model.length, reason }),
    )
    const slots = trainingSlots(signature)
    requireMemory(slots, limitBytes)
    return slots
  }

  async #ask<K extends keyof Replies>(child: Child, request: Request & { kind: K }, payloads?: readonly Uint8Array[]) {
    const reply = await child.request(request, payloads).catch(error => {
      // A child killed because its grace is over has not crashed.
      throw this.#options.signal?.aborted ? this.#stopped(error) : error
    })
    const value = valueIn<K>(reply.message, reason => runtimeError('advance_failed', { step: this.#step, reason }))
    return { value, payloads: reply.payloads }
  }

  async #copyOut(): Promise<Checkpoint> {
    const { value, payloads } = await this.#ask<'copyState'>(this.#child!, { kind: 'copyState' })
    this.#lastCheckpoint = { step: this.#step, state: unpackTensors(value.state, payloads) }
    return this.#lastCheckpoint
  }

  /** Keeps the state, which is good, and stops the run. */
  async #stopOn(failure: RuntimeError): Promise<RuntimeError> {
    await this.#copyOut()
    this.#failure = failure
    return failure
  }

  async #judge(placements: readonly Placement[]): Promise<void> {
    if (this.#options.elsewhere === 'report') return
    try {
      requireProvider(placements, this.#options.provider)
    } catch (error) {
      throw await this.#stopOn(error as RuntimeError)
    }
  }

  /** What a step collects tells the step; state is seen only after all steps of the call. */
  #notFinite({ collected, steps }: TrainingSlots, { output, element }: NonNullable<Advance['notFinite']>) {
    const slot = collected.find(({ name }) => name === output)
    const first = slot ? this.#step + Math.floor(element / (elementCount(slot.shape) / steps)) : this.#step
    return runtimeError('not_finite', { output, steps: [first, slot ? first : this.#step + steps - 1] })
  }
}
