import { setTimeout as sleep } from 'node:timers/promises'
import type { Cameras } from '../cameras.ts'
import type { ApiClient } from './api-client.ts'
import { demoError } from './errors.ts'
import type { PlantStation } from './set-up-stations.ts'
import { trueSteps } from './true-steps.ts'

/** Labels what the stations did within `[fromMs, toMs)`, as a worker of the floor would, from the film's own truth. */
export async function labelStations(
  api: ApiClient,
  cameras: Cameras,
  stations: readonly PlantStation[],
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
): Promise<number> {
  let count = 0
  for (const station of stations) {
    const view = station.views[0]!
    const steps = trueSteps(view.video, cameras.epochUtcMs(view.camera), fromMs, toMs)
    const first = steps[0]
    const last = steps.at(-1)
    if (!first || !last) throw demoError('nothing-to-label', { station: station.name })
    await api.post('/v1/labels', {
      source: station.name,
      start: instant(first.startMs),
      end: instant(last.endMs),
      labels: steps.map(step => ({ step: step.step, start: instant(step.startMs), end: instant(step.endMs) })),
    })
    count += steps.length
  }
  return count
}

interface Head {
  readonly id: string
  readonly state: 'fitting' | 'ready' | 'failed'
  readonly error: string | null
}

/**
 * Fits a head for every station, on the encoder given or else on the one that times it, and releases each at once.
 * Gives the releases; throws `fit-failed`.
 */
export async function releaseHeads(
  api: ApiClient,
  stations: readonly PlantStation[],
  { encoder, withinMs, signal }: { readonly encoder?: string; readonly withinMs: number; readonly signal: AbortSignal },
): Promise<readonly string[]> {
  const on = encoder === undefined ? {} : { encoderId: encoder }
  const fitting = await Promise.all(
    stations.map(station => api.post<Head>('/v1/heads', { stationId: station.id, ...on })),
  )
  const releases: string[] = []
  const deadline = Date.now() + withinMs
  for (const [i, { id }] of fitting.entries()) {
    const station = stations[i]!
    let head = await api.get<Head>(`/v1/heads/${id}`)
    while (head.state === 'fitting') {
      if (Date.now() > deadline) throw demoError('fit-failed', { station: station.name, reason: 'it took too long' })
      await sleep(500, undefined, { signal })
      head = await api.get<Head>(`/v1/heads/${id}`)
    }
    if (head.state === 'failed')
      throw demoError('fit-failed', { station: station.name, reason: head.error ?? 'no reason is given' })
    const release = await api.post<{ id: string }>('/v1/releases', { stationId: station.id, headId: id })
    releases.push(release.id)
  }
  return releases
}

const instant = (ms: number): string => new Date(Math.round(ms)).toISOString()
