import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Child } from './child.ts'
import { type RuntimeError, runtimeError } from './errors.ts'
import { type Advance, type ChildOptions, type NotFinite, type Replies, type Request, valueIn } from './protocol.ts'
import { requireMemory } from './require-memory.ts'
import { packTensors, type Tensors, unpackTensors } from './tensor.ts'
import { requireTensors, type TrainingSlots, trainingSlots } from './training-slots.ts'

export interface TrainingModel extends ChildOptions {
  /** A serialised ONNX model of some steps a call: takes state `x`, gives `next.x` and what each step collects. */
  readonly model: Uint8Array
  /** Bound on state, in two copies, and one call's batches. */
  readonly limitBytes: number
}

/**
 * To glibc, sizes in bytes: freed memory stays with the process, so that a step does not fault in hundreds of megabytes
 * that the step before has just given back; and it asks for huge pages, as each pass over a weight crosses hundreds.
 */
const TENSOR_MEMORY = {
  MALLOC_TRIM_THRESHOLD_: `${2 ** 40}`,
  MALLOC_MMAP_THRESHOLD_: `${2 ** 25}`,
  GLIBC_TUNABLES: 'glibc.malloc.hugetlb=1',
}

/** What a call gave, as the child tells it. */
export interface Advanced extends Omit<Advance, 'collected'> {
  readonly collected: Tensors
  readonly cpuSeconds: number
}

/** A child process with a training model and its state in it, driven by one request at a time. */
export class TrainingChild implements AsyncDisposable {
  readonly #options: TrainingModel
  readonly #child: Child
  #slots: TrainingSlots | undefined

  constructor(options: TrainingModel) {
    this.#options = options
    this.#child = new Child(options, TENSOR_MEMORY)
  }

  /** What the model takes and gives; loads it on first use; throws `model_refused`, `bad_training_model`, `over_memory_limit`. */
  async slots(): Promise<TrainingSlots> {
    this.#slots ??= await this.#load()
    return this.#slots
  }

  /** Throws `bad_tensors` before anything is sent. */
  async setState(state: Tensors): Promise<void> {
    requireTensors('state', state, (await this.slots()).state)
    const { slots, payloads } = packTensors(state)
    await this.#ask<'setState'>({ kind: 'setState', state: slots }, payloads)
  }

  /** The state, unless some of it is not finite. */
  async copyState(): Promise<{ readonly state: Tensors } | { readonly notFinite: NotFinite }> {
    const { value, payloads } = await this.#ask<'copyState'>({ kind: 'copyState' })
    return 'state' in value ? { state: unpackTensors(value.state, payloads) } : value
  }

  /** Throws `bad_tensors` before anything is sent. */
  async advance(inputs: Tensors): Promise<Advanced> {
    requireTensors('inputs', inputs, (await this.slots()).inputs)
    const packed = packTensors(inputs)
    const spent = this.#child.cpuSeconds
    const { value, payloads } = await this.#ask<'advance'>({ kind: 'advance', inputs: packed.slots }, packed.payloads)
    return {
      ...value,
      collected: unpackTensors(value.collected, payloads),
      cpuSeconds: this.#child.cpuSeconds - spent,
    }
  }

  get ended(): Promise<RuntimeError> {
    return this.#child.ended
  }

  get pid(): number | undefined {
    return this.#child.pid
  }

  kill(): void {
    this.#child.kill()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#child[Symbol.asyncDispose]()
  }

  async #load(): Promise<TrainingSlots> {
    const { model, provider, limitBytes } = this.#options
    const profileFolder = await mkdtemp(join(tmpdir(), 'takt-profile-'))
    // The child removes what it has read; this is for one that ends before.
    void this.ended.then(() => rm(profileFolder, { recursive: true, force: true }))
    const { message } = await this.#child.request({ kind: 'openTraining', profileFolder }, [model])
    const signature = valueIn<'openTraining'>(message, reason =>
      runtimeError('model_refused', { provider, bytes: model.length, reason }),
    )
    const slots = trainingSlots(signature)
    requireMemory(slots, limitBytes)
    return slots
  }

  async #ask<K extends keyof Replies>(request: Request & { kind: K }, payloads?: readonly Uint8Array[]) {
    const reply = await this.#child.request(request, payloads)
    const failure = (reason: string) => runtimeError('training_failed', { request: request.kind, reason })
    return { value: valueIn<K>(reply.message, failure), payloads: reply.payloads }
  }
}
