import { setTimeout as sleep } from 'node:timers/promises'
import type { ApiClient } from './api-client.ts'
import { demoError } from './errors.ts'
import type { PlantStation } from './set-up-stations.ts'

/** Waits until each station is decoded under its release, which takes over where a cycle starts; throws `stations-behind`. */
export async function switchedTo(
  api: ApiClient,
  stations: readonly PlantStation[],
  releases: readonly string[],
  { withinMs, signal }: { readonly withinMs: number; readonly signal: AbortSignal },
): Promise<void> {
  const deadline = Date.now() + withinMs
  for (const [i, { id, name }] of stations.entries())
    for (;;) {
      const status = await api.get<{ decodedUnder: string | null; completeThrough: string | null }>(
        `/v1/stations/${id}/status`,
      )
      if (status.decodedUnder === releases[i]) break
      if (Date.now() > deadline)
        throw demoError('stations-behind', { station: name, completeThrough: status.completeThrough ?? 'never' })
      await sleep(500, undefined, { signal })
    }
}
