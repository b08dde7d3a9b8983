import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BlobStore, blobKeys } from '@takt/blobs'
import { type Database, fillSlot, type OpenSlot, type SegmentWork, segmentWork } from '@takt/db'
import type { SegmentId } from '@takt/domain'
import { encodeNpy } from '@takt/onnx'
import { clipFrames, type DecodedSegment, decodeSegment, planClips, type Rendition } from '@takt/video'
import type { Encoders, LoadedEncoder } from '../encoders.ts'

/** What an `embed` job works with. */
export interface EmbedContext {
  readonly db: Database
  readonly blobs: BlobStore
  readonly encoders: Encoders
  /** Told how long each stage took, s. */
  readonly observe: (stage: 'fetch' | 'decode' | 'encode' | 'store', seconds: number) => void
}

/**
 * Embeds a segment: fetched and decoded once for all its open slots, then each encoded, stored and filled.
 * Done twice it leaves the same objects and the same rows.
 */
export async function embedSegment(context: EmbedContext, segment: SegmentId, signal: AbortSignal): Promise<number> {
  const work = await segmentWork(context.db, segment)
  if (work.slots.length === 0) return 0
  const slots = await Promise.all(work.slots.map(async slot => ({ slot, loaded: await context.encoders.of(slot) })))
  const decoded = await decodeOnce(context, work, slots, signal)
  for (const { slot, loaded } of slots) {
    signal.throwIfAborted()
    const frames = decoded.frames.get(renditionOf(slot, loaded).id)!
    const features = await timed(context, 'encode', () => encode(loaded, frames, decoded.stepCount))
    const objectKey = blobKeys.embedding({ ...slot, segment })
    await timed(context, 'store', () =>
      context.blobs.put(objectKey, encodeNpy(features), { contentType: 'application/octet-stream' }),
    )
    await fillSlot(
      context.db,
      { ...slot, segment },
      { objectKey, firstStep: decoded.firstStep, stepCount: decoded.stepCount },
    )
  }
  return slots.length
}

async function decodeOnce(
  context: EmbedContext,
  work: SegmentWork,
  slots: readonly { readonly slot: OpenSlot; readonly loaded: LoadedEncoder }[],
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
