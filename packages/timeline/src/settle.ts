import type { ViewChain } from '@takt/db'
import {
  type Frontier,
  frontier,
  lateAfterMs,
  lateness,
  type Range,
  type SlotKey,
  settledThroughSlot,
  slotOf,
  type UtcMs,
  watermark,
} from '@takt/domain'

/** How far a station may be decoded now, and what decoding does not wait for. */
export interface Settled {
  /** Slots before this one will not change by waiting. */
  readonly toSlot: number
  readonly watermarkMs: UtcMs
  /** Pending embeddings that are passed over as late. */
  readonly late: readonly SlotKey[]
  /** By view: the time that late and silent views do not show, in the camera's time. */
  readonly gaps: ReadonlyMap<string, readonly Range[]>
}

/** A silent station moves on in strides, not with every poll, ms. */
const silentStrideMs = 4_000

/**
 * Finds how far the chains, read over `[fromMs, toMs)`, let a station be decoded: up to the least frontier of its
 * required views, a view that is late by more than a minute not being waited for (PROTOCOL, slots and the watermark).
 */
export function settle(
  chains: readonly ViewChain[],
  at: { readonly fromMs: UtcMs; readonly toMs: UtcMs; readonly nowMs: UtcMs; readonly encoder: string },
): Settled {
  const late: SlotKey[] = []
  const gaps = new Map<string, readonly Range[]>()
  const frontiers = chains.map(chain => {
    const passed = passLate(chain, { ...at, fromMs: at.fromMs - chain.offsetMs, toMs: at.toMs - chain.offsetMs })
    late.push(...passed.late)
    gaps.set(chain.view, passed.gaps)
    return { required: chain.required, frontierMs: passed.frontierMs + chain.offsetMs }
  })
  const watermarkMs = watermark(frontiers.filter(view => view.required))
  return { toSlot: Math.max(settledThroughSlot(watermarkMs), slotOf(at.fromMs)), watermarkMs, late, gaps }
}

interface Passed {
  readonly frontierMs: UtcMs
  readonly late: readonly SlotKey[]
  readonly gaps: readonly Range[]
}

/** Walks a view's chain past everything that is late. */
function passLate(
  chain: ViewChain,
  at: { readonly fromMs: UtcMs; readonly toMs: UtcMs; readonly nowMs: UtcMs; readonly encoder: string },
): Passed {
  const late: SlotKey[] = []
  const links = [...chain.links]
  const unseen = () =>
    links
      .filter(link => link.kind === 'lost' || link.slot !== 'embedded')
      .map(({ startUtcMs, endUtcMs }) => ({ startUtcMs, endUtcMs }))
  for (;;) {
    const reached: Frontier = frontier(links, at.fromMs)
    if (reached.frontierMs >= at.toMs) return { frontierMs: at.toMs, late, gaps: unseen() }
    const verdict = lateness(reached, at.nowMs)
    if (!verdict.late) return { frontierMs: reached.frontierMs, late, gaps: unseen() }
    if (reached.stuckOn === 'end-of-chain') {
      const silentUntil = Math.floor((at.nowMs - lateAfterMs) / silentStrideMs) * silentStrideMs
      const frontierMs = Math.min(Math.max(silentUntil, reached.frontierMs), at.toMs)
      return { frontierMs, late, gaps: [...unseen(), { startUtcMs: reached.frontierMs, endUtcMs: frontierMs }] }
    }
    const stuck = links.findIndex(link => link.kind === 'observed' && link.segment === reached.stuckSegment)
    const link = links[stuck]
    if (link?.kind !== 'observed')
      throw new Error(`segment ${reached.stuckSegment} is not in the chain of view ${chain.view}`)
    links[stuck] = { ...link, slot: 'late' }
    late.push({ view: link.viewRevision, encoder: at.encoder, segment: link.segment })
  }
}
