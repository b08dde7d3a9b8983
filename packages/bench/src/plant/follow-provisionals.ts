import { setTimeout as sleep } from 'node:timers/promises'
import type { ApiClient } from '@takt/dev-env/demo'

/** A station's provisional intervals, told anew. */
export interface ToldProvisionals {
  /** When the recorder's transaction began. */
  readonly recordedMs: number
  /** When a reader of REST saw them. */
  readonly seenMs: number
  readonly intervals: number
}

/** How often REST is asked: what is seen is late by half of this on average. */
const pollMs = 50

/** Reads a station's provisional intervals over REST, as a screen does, from now on until an instant. */
export async function followProvisionals(
  api: ApiClient,
  station: string,
  untilMs: number,
  signal: AbortSignal,
): Promise<readonly ToldProvisionals[]> {
  const told: ToldProvisionals[] = []
  let last: string | null = null
  while (Date.now() < untilMs) {
    const { updatedAt, items } = await api.get<{ updatedAt: string | null; items: readonly unknown[] }>(
      `/v1/stations/${station}/provisional`,
    )
    if (updatedAt !== null && updatedAt !== last && last !== null)
      told.push({ recordedMs: Date.parse(updatedAt), seenMs: Date.now(), intervals: items.length })
    last = updatedAt
    await sleep(pollMs, undefined, { signal })
  }
  return told
}
