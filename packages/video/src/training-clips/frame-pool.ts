import type { Window } from './window-plan.ts'

export type FramePoolOptions = {
  /** Segments held at most, those being decoded included. */
  readonly room: number
  /** Decodes what stands at a position of the ring; a fault ends the pool. */
  readonly decode: (position: number, signal: AbortSignal) => Promise<Uint8Array>
  /** How many are decoded at once. */
  readonly decoders: number
  /** Decoded frames of the longest segment: what one being decoded counts as. */
  readonly segmentBytes: number
  readonly signal: AbortSignal
}

/** Decoded frames by position of the ring, in a bounded number: those of a window that moves on, decoded ahead of use. */
export class FramePool implements AsyncDisposable {
  readonly #options: FramePoolOptions
  /** Undefined while it is decoded. */
  readonly #held = new Map<number, Uint8Array | undefined>()
  readonly #running = new Set<Promise<void>>()
  readonly #ending = new AbortController()
  readonly #signal: AbortSignal
  #window: Window = { from: 0, to: 0 }
  #wanted: Iterator<number> = [].values()
  #decoded = 0

  constructor(options: FramePoolOptions) {
    this.#options = options
    this.#signal = AbortSignal.any([options.signal, this.#ending.signal])
  }

  get decodedSegments(): number {
    return this.#decoded
  }

  get decodingSegments(): number {
    return this.#running.size
  }

  get residentBytes(): number {
    const { segmentBytes } = this.#options
    return this.#held.values().reduce((sum, frames) => sum + (frames?.byteLength ?? segmentBytes), 0)
  }

  /** Lets go of what lies before the window and decodes what lies in it: `first` before the rest. */
  moveTo(window: Window, first: readonly number[]): void {
    this.#window = window
    for (const [position, frames] of this.#held) if (frames) this.#dropIfPast(position)
    this.#wanted = inOrder(first, window)
    this.#decodeMore()
  }

  /** The frames at a position of the window, once they are there; throws the fault that ended the pool. */
  async frames(position: number): Promise<Uint8Array> {
    for (;;) {
      this.#signal.throwIfAborted()
      const frames = this.#held.get(position)
      if (frames) return frames
      await settledOrAborted(this.#running, this.#signal)
    }
  }

  /** Ends what is being decoded and waits for its end. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending.abort()
    await Promise.all(this.#running)
    this.#held.clear()
  }

  #decodeMore(): void {
    const { decoders, room } = this.#options
    while (this.#running.size < decoders && this.#held.size < room && !this.#signal.aborted) {
      const next = this.#wanted.next()
      if (next.done) return
      if (this.#held.has(next.value)) continue
      const running = this.#decode(next.value).finally(() => {
        this.#running.delete(running)
        this.#decodeMore()
      })
      this.#running.add(running)
    }
  }

  async #decode(position: number): Promise<void> {
    this.#held.set(position, undefined)
    try {
      const frames = await this.#options.decode(position, this.#signal)
      this.#decoded++
      this.#held.set(position, frames)
      this.#dropIfPast(position)
    } catch (error) {
      this.#held.delete(position)
      this.#ending.abort(error)
    }
  }

  #dropIfPast(position: number): void {
    if (position < this.#window.from) this.#held.delete(position)
  }
}

function* inOrder(first: readonly number[], { from, to }: Window): Generator<number, void, undefined> {
  yield* first
  for (let position = from; position < to; position++) yield position
}

/** Waits until one of `running`, which never fail, is over, or the signal is aborted. */
async function settledOrAborted(running: Iterable<Promise<void>>, signal: AbortSignal): Promise<void> {
  const { promise: aborted, resolve } = Promise.withResolvers<void>()
  const abort = () => resolve()
  signal.addEventListener('abort', abort, { once: true })
  await Promise.race([...running, aborted])
  signal.removeEventListener('abort', abort)
}
