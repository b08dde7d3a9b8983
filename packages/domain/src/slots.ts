import { DomainError } from './errors.ts'
import type { UtcMs } from './grid.ts'
import type { EncoderId, SegmentId, ViewRevisionId } from './identifiers.ts'
import type { Range } from './range.ts'

/** D: how long a pending embedding or a silent camera may hold a station back, ms. */
export const lateAfterMs = 60_000

export const embeddingStates = ['pending', 'embedded', 'late', 'dead'] as const
export type EmbeddingState = (typeof embeddingStates)[number]

export type SlotEvent = 'embedded' | 'declared-late' | 'exhausted' | 'retried'

/** Names one embedding slot: a row from the moment its segment exists. */
export interface SlotKey {
  readonly view: ViewRevisionId
  readonly encoder: EncoderId
  readonly segment: SegmentId
}

/**
 * Once a station has decoded past a slot (late, dead), the slot never holds it back again:
 * a retried dead slot waits as `late`, and what heals is decoded by a revision.
 */
const nextState: Readonly<Record<EmbeddingState, Readonly<Record<SlotEvent, EmbeddingState>>>> = {
  pending: { embedded: 'embedded', 'declared-late': 'late', exhausted: 'dead', retried: 'pending' },
  embedded: { embedded: 'embedded', 'declared-late': 'embedded', exhausted: 'embedded', retried: 'embedded' },
  late: { embedded: 'embedded', 'declared-late': 'late', exhausted: 'dead', retried: 'late' },
  dead: { embedded: 'embedded', 'declared-late': 'dead', exhausted: 'dead', retried: 'late' },
}

/** A slot after an event, and whether the timings around it have to be revised because it healed. */
export function advanceSlot(
  state: EmbeddingState,
  event: SlotEvent,
): { state: EmbeddingState; requestRevision: boolean } {
  const next = nextState[state][event]
  return { state: next, requestRevision: next === 'embedded' && (state === 'late' || state === 'dead') }
}

/** A link of a camera's coverage as one view sees it: lost, or a segment with its embedding slot. */
export type ChainLink =
  | (Range & { readonly kind: 'lost' })
  | (Range & {
      readonly kind: 'observed'
      readonly segment: SegmentId
      readonly slot: EmbeddingState
      /** When the slot became pending. */
      readonly since: UtcMs
    })

/** Up to when a view is settled, and what it waits for. */
export type Frontier =
  | { readonly frontierMs: UtcMs; readonly stuckOn: 'end-of-chain' }
  | {
      readonly frontierMs: UtcMs
      readonly stuckOn: 'pending'
      readonly stuckSegment: SegmentId
      readonly pendingSince: UtcMs
    }

/** The end of the contiguous prefix of a chain, from `fromMs`, whose slots are settled or lost. */
export function frontier(chain: readonly ChainLink[], fromMs: UtcMs): Frontier {
  let frontierMs = fromMs
  for (const link of chain) {
    if (link.endUtcMs <= frontierMs) continue
    if (link.startUtcMs > frontierMs) break
    if (link.kind === 'observed' && link.slot === 'pending')
      return { frontierMs, stuckOn: 'pending', stuckSegment: link.segment, pendingSince: link.since }
    frontierMs = link.endUtcMs
  }
  return { frontierMs, stuckOn: 'end-of-chain' }
}

/** Up to when a station may be decoded: the least frontier of its required views. Never a clock. */
export function watermark(frontiers: readonly Pick<Frontier, 'frontierMs'>[]): UtcMs {
  if (frontiers.length === 0) throw new DomainError('no-required-view', {})
  return Math.min(...frontiers.map(f => f.frontierMs))
}

export type Lateness =
  | { readonly late: false }
  | { readonly late: true; readonly cutFromMs: UtcMs; readonly because: 'pending' | 'silent' }

/** Whether decoding stops waiting for a view, and from where it cuts. */
export function lateness(at: Frontier, nowMs: UtcMs, afterMs: number = lateAfterMs): Lateness {
  const waitingSince = at.stuckOn === 'pending' ? at.pendingSince : at.frontierMs
  if (nowMs - waitingSince <= afterMs) return { late: false }
  return { late: true, cutFromMs: at.frontierMs, because: at.stuckOn === 'pending' ? 'pending' : 'silent' }
}
