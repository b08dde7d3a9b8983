import type { BlobStore } from '@takt/blobs'
import { type Database, stationChain, type ViewChain } from '@takt/db'
import {
  type EmbeddedSpan,
  type EncoderId,
  layTimeline,
  type SegmentId,
  type StationId,
  slotStartMs,
  stepMs,
  type TimelineSlot,
  type UtcMs,
} from '@takt/domain'
import type { TimeStep } from '@takt/steps'
import { createEmbeddingCache, stepFeatures } from './embedding-cache.ts'
import { timelineError } from './errors.ts'
import { type Settled, settle } from './settle.ts'

/** A slot with what the decoder needs of it and what a boundary at it can be timed by. */
export interface ReadSlot {
  readonly position: TimelineSlot
  readonly step: TimeStep
  readonly absoluteErrorMs: number
}

/** The slots at both ends of a range are shown by steps up to so far outside it, ms. */
const marginMs = 4 * stepMs

/** Reads a station's video as time steps. */
export interface StationReader {
  /**
   * The slots `[fromSlot, toSlot)` as far as they are settled at `nowMs`; `settled.toSlot` is where they end.
   * Throws `station-unknown`, `embedding-short`, `embedding-malformed` and what the object store throws.
   */
  readonly read: (
    source: { readonly station: StationId; readonly encoder: EncoderId },
    range: { readonly fromSlot: number; readonly toSlot: number; readonly nowMs: UtcMs },
  ) => Promise<{ readonly settled: Settled; readonly slots: readonly ReadSlot[] }>
}

/** Reads chains from Postgres and embeddings from the object store; keeps the embeddings read last. */
export function createStationReader(db: Database, blobs: BlobStore): StationReader {
  const embeddingAt = createEmbeddingCache(blobs)
  return {
    read: async ({ station, encoder }, { fromSlot, toSlot, nowMs }) => {
      const fromMs = slotStartMs(fromSlot)
      const toMs = slotStartMs(toSlot)
      const chains = await stationChain(db, {
        station,
        encoder,
        fromMs: fromMs - marginMs,
        toMs: toMs + marginMs,
      })
      const settled = settle(chains, { fromMs, toMs: toMs + marginMs, nowMs, encoder })
      const end = Math.min(settled.toSlot, toSlot)
      const positions = layTimeline({
        views: chains.map(chain => ({
          view: chain.view,
          offsetMs: chain.offsetMs,
          spans: chain.links.flatMap(link => (link.kind === 'observed' && link.span ? [link.span] : [])),
          gaps: settled.gaps.get(chain.view) ?? [],
        })),
        fromSlot,
        toSlot: end,
      })
      const segments = indexSegments(chains)
      const slots = await Promise.all(positions.map(position => fill(position, segments, embeddingAt)))
      return { settled: { ...settled, toSlot: end }, slots }
    },
  }
}

interface ReadableSegment {
  readonly span: EmbeddedSpan & { readonly objectKey: string }
  readonly absoluteErrorMs: number
}

const segmentKey = (view: string, segment: SegmentId): string => `${view}/${segment}`

function indexSegments(chains: readonly ViewChain[]): ReadonlyMap<string, ReadableSegment> {
  const index = new Map<string, ReadableSegment>()
  for (const chain of chains)
    for (const link of chain.links)
      if (link.kind === 'observed' && link.span)
        index.set(segmentKey(chain.view, link.segment), { span: link.span, absoluteErrorMs: link.absoluteErrorMs })
  return index
}

async function fill(
  position: TimelineSlot,
  segments: ReadonlyMap<string, ReadableSegment>,
  embeddingAt: ReturnType<typeof createEmbeddingCache>,
): Promise<ReadSlot> {
  if (position.missing) return { position, step: { kind: 'missing' }, absoluteErrorMs: 0 }
  const views: Record<string, Float32Array> = {}
  let absoluteErrorMs = 0
  for (const seen of position.views) {
    const { span, absoluteErrorMs: error } = segments.get(segmentKey(seen.view, seen.segment))!
    const embedding = await embeddingAt(span.objectKey)
    if (seen.stepIndexInSegment >= embedding.steps)
      throw timelineError('embedding-short', { key: span.objectKey, steps: embedding.steps, expected: span.stepCount })
    views[seen.view] = stepFeatures(embedding, seen.stepIndexInSegment)
    absoluteErrorMs = Math.max(absoluteErrorMs, error)
  }
  return { position, step: { kind: 'observed', views }, absoluteErrorMs }
}
