import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FRAMES_PER_CLIP } from '../clips.ts'
import { videoError } from '../errors.ts'
import { FramePool } from './frame-pool.ts'
import type { LeftOutSegment } from './left-out.ts'
import { readerWithStandIns } from './stand-in.ts'
import { frameCountOf, readFrames, type TrainingSegment } from './training-segment.ts'
import { drawClip, heldFor, planWindow, type WindowPlan } from './window-plan.ts'

/**
 * What clips are cut from, and how. The first group is what a run consists of: with the same values a call brings the
 * same bytes, wherever reading begins and in whatever order segments come to be decoded.
 */
export type ClipPoolOptions = {
  readonly segments: readonly TrainingSegment[]
  readonly seed: number
  /** Height and width of a frame. */
  readonly size: number
  readonly batch: number
  readonly stepsPerCall: number
  /** Clips cut from a segment each time it is decoded, at least 2; the more, the less decoding costs and the longer a round takes. */
  readonly clipsPerDecode: number
  /** Bytes of decoded frames held at most; a call's clips, once handed out, are the reader's. */
  readonly limitBytes: number

  /** The call that reading begins with, from 0. */
  readonly fromCall: number
  /** How many segments are decoded at once. */
  readonly decoders: number
  /** Writes a segment's file to `path`; an error that says `retryable: false` leaves the segment out, any other ends reading. */
  readonly download: (id: string, path: string, signal: AbortSignal) => Promise<void>
  /** Told once of each segment that is left out: shorter than a clip, vanished, unreadable or with pictures missing. */
  readonly onLeftOut: (leftOut: LeftOutSegment) => void
  readonly signal: AbortSignal
}

/** One call's clips. */
export type ClipCall = {
  readonly call: number
  /** `[stepsPerCall, batch, 16, size, size, 3]` uint8, RGB. */
  readonly frames: Uint8Array
}

export type ClipPoolStats = {
  readonly decodedSegments: number
  /** Of decoded frames, those being decoded counted as the longest segment. */
  readonly residentBytes: number
  /** How long calls have waited for frames. */
  readonly waitedMs: number
}

/**
 * Opens a pool, which begins to decode at once.
 *
 * Throws `clips-invalid`, `clips-without-room` where `limitBytes` holds too few segments, `clips-without-segments`.
 */
export async function openClipPool(options: ClipPoolOptions): Promise<ClipPool> {
  refuseInvalid(options)
  const segments = longEnough(options)
  const segmentBytes = Math.max(...segments.map(frameCountOf)) * bytesOfFrame(options)
  const clipsPerCall = options.batch * options.stepsPerCall
  const plan = planWindow({ ...options, segments: segments.length, segmentBytes, clipsPerCall })
  const folder = await mkdtemp(join(tmpdir(), 'takt-clips-'))
  return new ClipPool({ ...options, plan, segments, segmentBytes, folder })
}

type Opened = ClipPoolOptions & {
  readonly plan: WindowPlan
  readonly segmentBytes: number
  readonly folder: string
}

/**
 * Calls of clips without end, for one reader. Reading throws what ended the pool: `clips-without-segments` when no
 * segment is left, `ffmpeg-unavailable`, a fault of `download`, or the signal's reason.
 */
export class ClipPool implements AsyncIterable<ClipCall>, AsyncDisposable {
  readonly #options: Opened
  readonly #frames: FramePool
  readonly #calls: AsyncGenerator<ClipCall, void, undefined>
  #waitedMs = 0

  constructor(options: Opened) {
    this.#options = options
    const { plan, segments, segmentBytes, limitBytes, fromCall, onLeftOut } = options
    const decode = readerWithStandIns({
      ...{ plan, segments, onLeftOut },
      read: (segment, signal) => readFrames(segment, { ...options, signal }),
    })
    this.#frames = new FramePool({ ...options, decode, segmentBytes, room: Math.floor(limitBytes / segmentBytes) })
    this.#moveTo(fromCall)
    this.#calls = this.#cutCalls(fromCall)
  }

  get stats(): ClipPoolStats {
    const { decodedSegments, residentBytes } = this.#frames
    return { decodedSegments, residentBytes, waitedMs: this.#waitedMs }
  }

  [Symbol.asyncIterator](): AsyncGenerator<ClipCall, void, undefined> {
    return this.#calls
  }

  /** Ends decoding and removes what it left. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#frames[Symbol.asyncDispose]()
    await rm(this.#options.folder, { recursive: true, force: true })
  }

  async *#cutCalls(fromCall: number): AsyncGenerator<ClipCall, void, undefined> {
    for (let call = fromCall; ; call++) {
      const frames = await this.#cut(call)
      // Decodes what the next call brings in while the reader works on this one.
      this.#moveTo(call + 1)
      yield { call, frames }
    }
  }

  async #cut(call: number): Promise<Uint8Array> {
    const frameBytes = bytesOfFrame(this.#options)
    const draws = this.#drawsOf(call)
    const clips = new Uint8Array(draws.length * FRAMES_PER_CLIP * frameBytes)
    for (const [i, { position, chance }] of draws.entries()) {
      const startedMs = performance.now()
      const frames = await this.#frames.frames(position)
      this.#waitedMs += performance.now() - startedMs
      clips.set(clipAt(frames, chance, frameBytes), i * FRAMES_PER_CLIP * frameBytes)
    }
    return clips
  }

  #moveTo(call: number): void {
    const draws = this.#drawsOf(call)
    const { plan } = this.#options
    const first = call * draws.length
    this.#frames.moveTo(
      heldFor(plan, first, first + draws.length - 1),
      draws.map(({ position }) => position),
    )
  }

  #drawsOf(call: number) {
    const { plan, batch, stepsPerCall } = this.#options
    const clips = batch * stepsPerCall
    return Array.from({ length: clips }, (_, i) => drawClip(plan, call * clips + i))
  }
}

/** 16 frames from the place that `chance` of [0, 1) names among all where a clip may begin. */
function clipAt(frames: Uint8Array, chance: number, frameBytes: number): Uint8Array {
  const places = frames.byteLength / frameBytes - FRAMES_PER_CLIP + 1
  const first = Math.floor(chance * places)
  return frames.subarray(first * frameBytes, (first + FRAMES_PER_CLIP) * frameBytes)
}

const bytesOfFrame = ({ size }: { readonly size: number }) => size * size * 3

/** Leaves out what cannot fill a clip, which its length alone says. */
function longEnough({ segments, onLeftOut }: ClipPoolOptions): readonly TrainingSegment[] {
  const kept = segments.filter(segment => {
    try {
      return frameCountOf(segment) > 0
    } catch (error) {
      onLeftOut({ id: segment.id, error })
      return false
    }
  })
  if (kept.length === 0) throw videoError('clips-without-segments', { segments: segments.length })
  return kept
}

function refuseInvalid(options: ClipPoolOptions): void {
  const least = { size: 1, batch: 1, stepsPerCall: 1, clipsPerDecode: 2, limitBytes: 1, fromCall: 0, decoders: 1 }
  for (const [option, smallest] of Object.entries(least)) {
    const value = options[option as keyof typeof least]
    if (!(Number.isInteger(value) && value >= smallest)) {
      throw videoError('clips-invalid', { option, value, wanted: `a whole number from ${smallest} on` })
    }
  }
}
