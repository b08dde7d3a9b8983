import { type RuntimeError, runtimeError } from './errors.ts'
import { requireProvider } from './placement.ts'
import type { NotFinite } from './protocol.ts'
import type { Placement } from './provider.ts'
import { elementCount, type Tensors } from './tensor.ts'
import { TrainingChild, type TrainingModel } from './training-child.ts'
import type { TrainingSlots } from './training-slots.ts'

/** State after `step` steps. */
export interface Checkpoint {
  readonly step: number
  readonly state: Tensors
}

export interface TrainingOptions extends TrainingModel {
  readonly from: Checkpoint
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
  #child: TrainingChild | undefined
  #step = 0
  #lastCheckpoint: Checkpoint
  #placements: readonly Placement[] = []
  #failure: RuntimeError | undefined
  #killed = false
  #turn: Promise<unknown> = Promise.resolve()

  constructor(options: TrainingOptions) {
    this.#options = options
    this.#lastCheckpoint = options.from
    options.signal?.addEventListener('abort', this.#abort, { once: true })
  }

  /** Makes the model's steps on one call's batches and schedules; throws `not_finite`, `ran_elsewhere`, `child_crashed`, … */
  advance(inputs: Tensors): Promise<Progress> {
    return this.#inTurn(async () => {
      const child = this.#requireRunning()
      const slots = await child.slots()
      const { collected, notFinite, placements, ...metrics } = await child.advance(inputs)
      if (placements) this.#placements = placements
      if (notFinite) throw await this.#stopOn(child, notFiniteError(slots, this.#step, notFinite))
      this.#step += slots.steps
      if (placements) await this.#requireProvider(child, placements)
      return { step: this.#step, losses: collected, metrics }
    })
  }

  /** Copies the state out of the child; from here on it is the last checkpoint. Throws `not_finite` and stops if it is no good. */
  checkpoint(): Promise<Checkpoint> {
    return this.#inTurn(() => this.#copyOut(this.#requireRunning()))
  }

  /** Goes on from a checkpoint, also after a failure; throws `bad_tensors` if it is not of this model. */
  restore(checkpoint: Checkpoint): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#failure?.code === 'closed' || this.#failure?.code === 'training_stopped') throw this.#failure
      this.#child ??= this.#start()
      await this.#child.setState(checkpoint.state)
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
    await this.#endInTurn(async () => runtimeError('closed', { what: 'training run' }))
  }

  readonly #abort = (): void => {
    void this.#endInTurn(async () => {
      const obstacle = await this.#keepState()
      return this.#ended(obstacle ?? this.#options.signal?.reason)
    })
  }

  /** Copies the state out if it is there; gives what stands in the way. */
  async #keepState(): Promise<unknown> {
    if (this.#failure) return this.#failure
    try {
      await this.#copyOut(this.#requireRunning())
    } catch (error) {
      return error
    }
  }

  /** After the calls before it, or once the grace is over, ends the child for good. */
  async #endInTurn(reason: () => Promise<RuntimeError>): Promise<void> {
    const kill = () => {
      this.#killed = true
      this.#child?.kill()
    }
    const timer = setTimeout(kill, this.#options.graceMs ?? GRACE_MS)
    await this.#inTurn(async () => {
      this.#failure = await reason()
      const child = this.#child
      this.#child = undefined
      await child?.[Symbol.asyncDispose]()
    })
    clearTimeout(timer)
  }

  /** One call after the other, in their order, whatever became of the ones before. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work).catch(error => {
      // A child killed because its grace was over has not crashed.
      throw this.#killed && error.code === 'child_crashed' ? this.#ended(error) : error
    })
    this.#turn = result.catch(() => {})
    return result
  }

  #ended(cause: unknown): RuntimeError {
    if (!this.#options.signal?.aborted) return runtimeError('closed', { what: 'training run' }, { cause })
    return runtimeError('training_stopped', { step: this.#lastCheckpoint.step }, { cause })
  }

  #requireRunning(): TrainingChild {
    if (this.#failure) throw this.#failure
    return this.#child!
  }

  #start(): TrainingChild {
    const child = new TrainingChild(this.#options)
    child.ended.then(failure => {
      if (this.#child !== child) return
      this.#child = undefined
      this.#failure ??= failure
    })
    return child
  }

  async #copyOut(child: TrainingChild): Promise<Checkpoint> {
    const spoilt = await this.#keep(child)
    if (spoilt) {
      this.#failure = notFiniteState(spoilt, [this.#lastCheckpoint.step, this.#step - 1])
      throw this.#failure
    }
    return this.#lastCheckpoint
  }

  /** Keeps the state if it is good, and stops the run. */
  async #stopOn(child: TrainingChild, failure: RuntimeError): Promise<RuntimeError> {
    await this.#keep(child)
    this.#failure = failure
    return failure
  }

  /** Makes the state the last checkpoint, or gives what of it is not finite. */
  async #keep(child: TrainingChild): Promise<NotFinite | undefined> {
    const copied = await child.copyState()
    if ('notFinite' in copied) return copied.notFinite
    this.#lastCheckpoint = { step: this.#step, state: copied.state }
  }

  async #requireProvider(child: TrainingChild, placements: readonly Placement[]): Promise<void> {
    const { provider, elsewhere = 'refuse' } = this.#options
    if (elsewhere === 'report') return
    try {
      requireProvider(placements, provider)
    } catch (error) {
      throw await this.#stopOn(child, error as RuntimeError)
    }
  }
}

/** What a call is brought and what it collects are stacks of its steps, and so tell the step. */
function notFiniteError(
  { inputs, collected, steps }: TrainingSlots,
  from: number,
  { name, element }: NotFinite,
): RuntimeError {
  const { shape } = [...inputs, ...collected].find(slot => slot.name === name)!
  const step = from + Math.floor(element / (elementCount(shape) / steps))
  return runtimeError('not_finite', { name, steps: [step, step] })
}

function notFiniteState({ name }: NotFinite, steps: readonly [number, number]): RuntimeError {
  return runtimeError('not_finite', { name, steps })
}
