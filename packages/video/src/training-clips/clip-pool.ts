import { FRAMES_PER_CLIP } from '../clips.ts'
import { FramePool, type FramePoolOptions } from './frame-pool.ts'
import { type ClipDraw, drawClip, heldFor, type WindowPlan } from './window-plan.ts'

/** One call's clips. */
export type ClipCall = {
  readonly call: number
  /** `[stepsPerCall, batch, 16, size, size, 3]` uint8, RGB. */
  readonly frames: Uint8Array
}

export type ClipPoolStats = {
  readonly decodedSegments: number
  /** Now. */
  readonly decodingSegments: number
  /** Of decoded frames, those being decoded counted as the longest segment. */
  readonly residentBytes: number
  /** How long calls have waited for frames. */
  readonly waitedMs: number
}

type Options = FramePoolOptions & {
  readonly plan: WindowPlan
  readonly size: number
  readonly clipsPerCall: number
  readonly fromCall: number
}

/**
 * Calls of clips without end, for one reader. Reading throws what ended the pool: `clips-without-segments` when no
 * segment is left, `ffmpeg-unavailable`, a fault of `download`, or the signal's reason.
 */
export class ClipPool implements AsyncIterable<ClipCall>, AsyncDisposable {
  readonly #options: Options
  readonly #frames: FramePool
  readonly #calls: AsyncGenerator<ClipCall, void, undefined>
  #waitedMs = 0

  constructor(options: Options) {
    this.#options = options
    this.#frames = new FramePool(options)
    this.#moveTo(options.fromCall)
    this.#calls = this.#cutCalls(options.fromCall)
  }

  get stats(): ClipPoolStats {
    const { decodedSegments, decodingSegments, residentBytes } = this.#frames
    return { decodedSegments, decodingSegments, residentBytes, waitedMs: this.#waitedMs }
  }

  [Symbol.asyncIterator](): AsyncGenerator<ClipCall, void, undefined> {
    return this.#calls
  }

  /** Ends what is being decoded and lets go of all frames. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#frames[Symbol.asyncDispose]()
  }

  async *#cutCalls(fromCall: number): AsyncGenerator<ClipCall, void, undefined> {
    for (let call = fromCall; ; call++) {
      const frames = await this.#cut(this.#drawsOf(call))
      // What the next call brings in is decoded while the reader works on this one.
      this.#moveTo(call + 1)
      yield { call, frames }
    }
  }

  async #cut(draws: readonly ClipDraw[]): Promise<Uint8Array> {
    const frameBytes = this.#options.size ** 2 * 3
    const clipBytes = FRAMES_PER_CLIP * frameBytes
    const clips = new Uint8Array(draws.length * clipBytes)
    for (const [i, { position, chance }] of draws.entries()) {
      const startedMs = performance.now()
      const frames = await this.#frames.frames(position)
      this.#waitedMs += performance.now() - startedMs
      const places = frames.byteLength / frameBytes - FRAMES_PER_CLIP + 1
      const first = Math.floor(chance * places) * frameBytes
      clips.set(frames.subarray(first, first + clipBytes), i * clipBytes)
    }
    return clips
  }

  #moveTo(call: number): void {
    const { plan, clipsPerCall } = this.#options
    const first = call * clipsPerCall
    const due = this.#drawsOf(call).map(({ position }) => position)
    this.#frames.moveTo(heldFor(plan, first, first + clipsPerCall - 1), due)
  }

  #drawsOf(call: number): readonly ClipDraw[] {
    const { plan, clipsPerCall } = this.#options
    return Array.from({ length: clipsPerCall }, (_, i) => drawClip(plan, call * clipsPerCall + i))
  }
}
