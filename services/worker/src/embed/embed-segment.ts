import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BlobStore, blobKeys } from '@takt/blobs'
import { type Database, fillSlot, liveSegmentWork, type OpenSlot, type SegmentWork, segmentWork } from '@takt/db'
import { framesPerStep, type SegmentId } from '@takt/domain'
import { backgroundOf } from '@takt/drift'
import { encodeNpy } from '@takt/onnx'
import { toJobFailure } from '@takt/service/errors'
import { clipFrames, type DecodedSegment, decodeSegment, planClips, type Rendition } from '@takt/video'
import type { Encoders, LoadedEncoder } from '../encoders.ts'

/** What an `embed` job works with. */
export interface EmbedContext {
  readonly db: Database
  readonly blobs: BlobStore
  readonly encoders: Encoders
  /** Told how long each stage took, s. */
  readonly observe: (stage: 'fetch' | 'decode' | 'encode' | 'store', seconds: number) => void
  /** Told of video that could be decoded in part only: its last picture stands for what is missing. */
  readonly onDamaged: (damage: SegmentDamage) => void
}

export interface SegmentDamage {
  readonly segment: SegmentId
  readonly decodedFrames: number
  readonly expectedFrames: number
  /** What the decoder complained of first; empty when it said nothing. */
  readonly complaint: string
}

/** A slot and the encoder that fills it. */
interface ReadySlot {
  readonly slot: OpenSlot
  readonly loaded: LoadedEncoder
}

/** Embeds a segment for all its open slots; throws `segment-unknown` and what `embedWork` throws. */
export const embedSegment = async (context: EmbedContext, segment: SegmentId, signal: AbortSignal): Promise<number> =>
  embedWork(context, await segmentWork(context.db, segment), signal)

/** Embeds a segment for those of its open slots that a station is timed by; throws as `embedSegment` does. */
export const embedLiveSegment = async (
  context: EmbedContext,
  segment: SegmentId,
  signal: AbortSignal,
): Promise<number> => embedWork(context, await liveSegmentWork(context.db, segment), signal)

/**
 * Fetches and decodes a segment once for all its slots, then encodes, stores and fills each. An encoder that fails leaves
 * its own slots open and the others filled; its error is thrown in the end. Done twice it leaves the same objects and
 * the same rows. Returns how many slots it filled; throws what its parts throw.
 */
async function embedWork(context: EmbedContext, work: SegmentWork, signal: AbortSignal): Promise<number> {
  const loading = await Promise.allSettled(
    work.slots.map(async slot => ({ slot, loaded: await context.encoders.of(slot) })),
  )
  const ready = loading.flatMap(result => (result.status === 'fulfilled' ? [result.value] : []))
  const faults: unknown[] = loading.flatMap(result => (result.status === 'rejected' ? [result.reason] : []))
  if (ready.length > 0) {
    const decoded = await decodeOnce(context, work, ready, signal)
    tellDamage(context, work, decoded)
    await keepBackgrounds(context, work, ready, decoded)
    for (const { slot, loaded } of ready) {
      signal.throwIfAborted()
      await fill(context, { slot, loaded, segment: work.id, decoded }).catch(fault => faults.push(fault))
    }
  }
  // One that may pass is worth another attempt, which meets the hopeless ones again.
  if (faults.length > 0) throw faults.find(fault => toJobFailure(fault).outcome === 'retryable') ?? faults[0]
  return ready.length
}

const binary = { contentType: 'application/octet-stream' }

async function fill(
  context: EmbedContext,
  of: ReadySlot & { readonly segment: SegmentId; readonly decoded: DecodedSegment },
): Promise<void> {
  const { slot, loaded, segment, decoded } = of
  const { firstStep, stepCount } = decoded
  const frames = decoded.frames.get(renditionOf(slot, loaded).id)!
  const features = await timed(context, 'encode', () => encode(loaded, frames, stepCount))
  const objectKey = blobKeys.embedding({ ...slot, segment })
  await timed(context, 'store', () => context.blobs.put(objectKey, encodeNpy(features), binary))
  await fillSlot(context.db, { ...slot, segment }, { objectKey, firstStep, stepCount })
}

/** Keeps what stands still in each view, whichever encoder's frames show it: before the slots, since drift is explained by it. */
async function keepBackgrounds(
  context: EmbedContext,
  { id: segment }: SegmentWork,
  slots: readonly ReadySlot[],
  decoded: DecodedSegment,
): Promise<void> {
  const ofViews = new Map(slots.map(ready => [ready.slot.viewRevision, ready]))
  for (const { slot, loaded } of ofViews.values()) {
    const frames = decoded.frames.get(renditionOf(slot, loaded).id)!
    const background = backgroundOf(frames, loaded.spec.inputSize)
    await timed(context, 'store', () =>
      context.blobs.put(blobKeys.background({ ...slot, segment }), background, binary),
    )
  }
}

async function decodeOnce(
  context: EmbedContext,
  work: SegmentWork,
  slots: readonly ReadySlot[],
  signal: AbortSignal,
): Promise<DecodedSegment> {
  const renditions = new Map(slots.map(({ slot, loaded }) => renditionOf(slot, loaded)).map(r => [r.id, r]))
  const folder = await mkdtemp(join(tmpdir(), 'takt-embed-'))
  try {
    const input = join(folder, 'segment.mp4')
    await timed(context, 'fetch', () => context.blobs.download(work.objectKey, input))
    return await timed(context, 'decode', () =>
      decodeSegment({
        input,
        mediaStartSeconds: work.mediaStartSeconds,
        durationSeconds: work.durationSeconds,
        renditions: [...renditions.values()],
        signal,
      }),
    )
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** The grid's last picture may lie behind the segment's last one; more than that is missing video. */
const framesBehindTheEnd = 1

function tellDamage({ onDamaged }: EmbedContext, { id: segment }: SegmentWork, decoded: DecodedSegment): void {
  const { decodedFrames, decoderErrors, stepCount } = decoded
  const expectedFrames = framesPerStep * stepCount
  if (decodedFrames + framesBehindTheEnd < expectedFrames)
    onDamaged({ segment, decodedFrames, expectedFrames, complaint: decoderErrors[0] ?? '' })
}

/** Slots that see the same part of the picture at the same size share a rendition. */
function renditionOf({ crop, masks }: OpenSlot, { spec }: LoadedEncoder): Rendition {
  const size = spec.inputSize
  return { id: JSON.stringify([crop, masks, size]), ...(crop && { crop }), masks, size }
}

/** The features of each step, float16 `[time, grid, dim]`. */
async function encode(
  { spec, encoder }: LoadedEncoder,
  frames: Uint8Array,
  stepCount: number,
): Promise<{ readonly shape: number[]; readonly data: Uint16Array }> {
  const perStep = spec.grid * spec.grid * spec.dim
  const plans = planClips(stepCount)
  const clips = await encoder.embedClips(plans.map(plan => clipFrames(frames, plan, spec.inputSize)))
  const data = new Uint16Array(stepCount * perStep)
  for (const [i, { firstStep, emitFrom, emitTo }] of plans.entries())
    data.set(clips[i]!.subarray((emitFrom - firstStep) * perStep, (emitTo - firstStep) * perStep), emitFrom * perStep)
  return { shape: [stepCount, spec.grid * spec.grid, spec.dim], data }
}

async function timed<Result>(
  { observe }: EmbedContext,
  stage: Parameters<EmbedContext['observe']>[0],
  work: () => Promise<Result>,
): Promise<Result> {
  const startedMs = performance.now()
  const result = await work()
  observe(stage, (performance.now() - startedMs) / 1000)
  return result
}
