import { setTimeout as sleep } from 'node:timers/promises'
import { encoderSlots } from './encoder-slots.ts'
import { runtimeError } from './errors.ts'
import { planBatches, requireBatchSizes } from './plan-batches.ts'
import type { Runtime, Session } from './runtime.ts'

/** Gives the encoder's ONNX model of a batch: uint8 `frames` [batch, …] to float16 `features` [batch, …]. */
export interface EncoderModels {
  readonly modelFor: (batch: number) => Uint8Array
  readonly batchSizes: readonly number[]
}

/** Clips wait for company until there are this many, or this long. */
const FULL = 32
const WAIT_MS = 50

/** Clips that may wait at once; 32 batches of 16 clips of 128 × 128 are 400 MB. */
const MAX_WAITING = 512

interface Waiting {
  readonly clip: Uint8Array
  readonly sinceMs: number
  readonly resolve: (features: Uint16Array) => void
  readonly reject: (error: unknown) => void
}

/** Opens an encoder on a runtime; its models are built and loaded when a batch first needs them. */
export function openEncoder(runtime: Runtime, models: EncoderModels): Encoder {
  requireBatchSizes(models.batchSizes)
  return new Encoder(runtime, models)
}

/** Embeds clips in batches of a few fixed sizes, gathered from all concurrent callers. */
export class Encoder implements AsyncDisposable {
  readonly #runtime: Runtime
  readonly #models: EncoderModels
  readonly #sessions = new Map<number, Promise<Session>>()
  readonly #waiting: Waiting[] = []
  #full = Promise.withResolvers<void>()
  #serving: Promise<void> | undefined
  #closed = false

  constructor(runtime: Runtime, models: EncoderModels) {
    this.#runtime = runtime
    this.#models = models
  }

  /**
   * The features of each clip as float16 bit patterns, in the order of the clips. Clips are the bytes of one
   * element of `frames`; throws `bad_clip`, the retryable `queue_full`, and what runs throw.
   */
  async embedClips(clips: readonly Uint8Array[]): Promise<Uint16Array[]> {
    if (this.#closed) throw runtimeError('closed', { what: 'encoder' })
    const waiting = this.#waiting.length + clips.length
    if (waiting > MAX_WAITING) throw runtimeError('queue_full', { pending: waiting, limit: MAX_WAITING })
    const features = clips.map(clip => this.#enqueue(clip))
    if (clips.length > 0) this.#serving ??= this.#serve()
    return Promise.all(features)
  }

  /** Refuses new clips, finishes those that wait, and frees the models. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true
    this.#full.resolve()
    await this.#serving
    for (const session of this.#sessions.values()) await this.#runtime.unload(await session)
  }

  #enqueue(clip: Uint8Array): Promise<Uint16Array> {
    const { promise, resolve, reject } = Promise.withResolvers<Uint16Array>()
    this.#waiting.push({ clip, sinceMs: performance.now(), resolve, reject })
    if (this.#waiting.length >= FULL) this.#full.resolve()
    return promise
  }

  async #serve(): Promise<void> {
    while (this.#waiting.length > 0) {
      await this.#company()
      const taken = this.#waiting.splice(0, FULL)
      for (const { size, count } of planBatches(taken.length, this.#models.batchSizes)) {
        const batch = taken.splice(0, count)
        await this.#embed(size, batch).catch(error => {
          for (const { reject } of batch) reject(error)
        })
      }
    }
    // In the same turn as the last look at the queue, so that no clip is left behind.
    this.#serving = undefined
  }

  /** Returns once enough clips wait, or the oldest has waited long enough. */
  async #company(): Promise<void> {
    const leftMs = this.#waiting[0]!.sinceMs + WAIT_MS - performance.now()
    if (this.#closed || this.#waiting.length >= FULL || leftMs <= 0) return
    this.#full = Promise.withResolvers()
    await Promise.race([this.#full.promise, sleep(leftMs)])
  }

  async #embed(size: number, batch: readonly Waiting[]): Promise<void> {
    const session = await this.#session(size)
    const { frames, clipBytes, featuresPerClip } = encoderSlots(session, size)
    for (const { clip, reject } of batch.filter(({ clip }) => clip.length !== clipBytes)) {
      reject(runtimeError('bad_clip', { length: clip.length, expected: clipBytes }))
    }
    const fitting = batch.filter(({ clip }) => clip.length === clipBytes)
    if (fitting.length === 0) return

    const data = new Uint8Array(size * clipBytes)
    for (const [i, { clip }] of fitting.entries()) data.set(clip, i * clipBytes)
    const { features } = await this.#runtime.run(session, { frames: { dtype: 'uint8', shape: frames.shape, data } })
    const bits = features!.data as Uint16Array
    for (const [i, { resolve }] of fitting.entries()) {
      resolve(bits.slice(i * featuresPerClip, (i + 1) * featuresPerClip))
    }
  }

  /** The session of a batch size; one that failed to load is tried again. */
  #session(size: number): Promise<Session> {
    const known = this.#sessions.get(size)
    if (known) return known
    const loading = this.#runtime.load(this.#models.modelFor(size))
    this.#sessions.set(size, loading)
    loading.catch(() => this.#sessions.delete(size))
    return loading
  }
}
