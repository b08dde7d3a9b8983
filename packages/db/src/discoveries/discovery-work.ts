import type { DiscoveryId, EncoderId, StationId, UtcMs } from '@takt/domain'
import { dbError } from '../errors.ts'
import type { Database } from '../open-database.ts'

/** What a `discover` job has to do. */
export interface DiscoveryWork {
  readonly station: StationId
  readonly encoder: EncoderId
  readonly state: 'queued' | 'done' | 'failed'
  readonly startMs: UtcMs
  readonly endMs: UtcMs
}

/** Throws `discovery-unknown`. */
export async function discoveryWork(db: Database, discovery: DiscoveryId): Promise<DiscoveryWork> {
  const row = await db.prisma.discovery.findUnique({ where: { id: discovery } })
  if (!row) throw dbError('discovery-unknown', { discovery })
  return {
    station: row.stationId,
    encoder: row.encoderId,
    state: row.state as DiscoveryWork['state'],
    startMs: row.startsAt.getTime(),
    endMs: row.endsAt.getTime(),
  }
}

/** Discoveries that have waited since before `olderThan`: what the sweep puts back on the queue. */
export async function discoveriesToRun(
  db: Database,
  { olderThan, limit }: { readonly olderThan: Date; readonly limit: number },
): Promise<DiscoveryId[]> {
  const rows = await db.prisma.discovery.findMany({
    where: { state: 'queued', createdAt: { lt: olderThan } },
    orderBy: { createdAt: 'asc' },
    take: limit,
    select: { id: true },
  })
  return rows.map(row => row.id)
}
