import { setTimeout as sleep } from 'node:timers/promises'
import type { ApiClient } from '@takt/dev-env/demo'

/** A timing that has just become final. */
export interface Final {
  readonly id: string
  readonly stationId: string
  readonly endMs: number
  /** When the recorder's transaction began. */
  readonly recordedMs: number
  /** When a reader of the feed saw it. */
  readonly seenMs: number
}

interface Change {
  readonly entity: string
  readonly kind: string
  readonly stationId: string
  readonly recordedAt: string
  readonly body: { readonly id: string; readonly endTime: string }
}

/** How often the feed is asked: what is seen is late by half of this on average. */
const pollMs = 100

/** Reads the feed of changes over REST, as an MES does, from now on until an instant. */
export async function followFinals(api: ApiClient, untilMs: number, signal: AbortSignal): Promise<readonly Final[]> {
  const finals: Final[] = []
  let { next } = await api.get<{ next: string }>('/v1/changes/now')
  while (Date.now() < untilMs) {
    const page = await api.get<{ items: readonly Change[]; next: string; more: boolean }>(
      `/v1/changes?after=${encodeURIComponent(next)}`,
    )
    const seenMs = Date.now()
    for (const { entity, kind, stationId, recordedAt, body } of page.items)
      if (entity === 'interval' && kind === 'final')
        finals.push({
          id: body.id,
          stationId,
          endMs: Date.parse(body.endTime),
          recordedMs: Date.parse(recordedAt),
          seenMs,
        })
    next = page.next
    if (!page.more) await sleep(pollMs, undefined, { signal })
  }
  return finals
}
