import { setTimeout as sleep } from 'node:timers/promises'
import type { Database } from '@takt/db'
import type { Cameras } from '@takt/dev-env'
import { type ApiClient, labelStations, type PlantStation, releaseHeads } from '@takt/dev-env/demo'
import { benchError } from '../errors.ts'

const firstVideoWithinMs = 60_000
const fitWithinMs = 300_000

/** Films the stations for a while, labels that by its own truth, and releases a head fitted to it at each. */
export async function labelAndRelease(options: {
  readonly api: ApiClient
  readonly db: Database
  readonly cameras: Cameras
  readonly stations: readonly PlantStation[]
  readonly seconds: number
  readonly say: (line: string) => void
  readonly signal: AbortSignal
}): Promise<void> {
  const { api, db, cameras, stations, seconds, say, signal } = options
  const fromMs = await firstSeen(
    db,
    stations.flatMap(station => station.cameraIds),
    signal,
  )
  say(`filming ${seconds} s to be labelled`)
  await sleep(fromMs + seconds * 1000 - Date.now(), undefined, { signal })
  await labelStations(api, cameras, stations, { fromMs, toMs: Date.now() })
  say('fitting heads')
  await releaseHeads(api, stations, { withinMs: fitWithinMs, signal })
}

/** When the last of the cameras was first seen, ms; throws `nothing-measured` when one stays dark. */
async function firstSeen(db: Database, cameras: readonly string[], signal: AbortSignal): Promise<number> {
  const deadline = Date.now() + firstVideoWithinMs
  for (;;) {
    const links = await db.prisma.coverage.groupBy({
      by: ['cameraId'],
      where: { state: 'observed' },
      _min: { startsAt: true },
    })
    const seen = links.filter(link => cameras.includes(link.cameraId))
    if (seen.length === cameras.length) return Math.max(...seen.map(link => link._min.startsAt!.getTime()))
    if (Date.now() > deadline)
      throw benchError('nothing-measured', { what: `${cameras.length - seen.length} cameras show no video` })
    await sleep(500, undefined, { signal })
  }
}
