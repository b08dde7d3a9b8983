import type { DiscoveryId } from '@takt/domain'
import type { Prisma } from '../generated/client.ts'
import type { Database } from '../open-database.ts'
import type { StoredWork } from './stored-work.ts'

/** Writes down what was discovered; of two that looked, who see the same, the first one's counts. */
export async function recordDiscovered(db: Database, discovery: DiscoveryId, work: StoredWork): Promise<void> {
  await db.prisma.discovery.updateMany({
    where: { id: discovery, state: 'queued' },
    data: { state: 'done', work: work as unknown as Prisma.InputJsonObject, finishedAt: new Date(), error: null },
  })
}

/** After the last attempt: says why nothing was looked at. */
export async function recordDiscoveryFailed(db: Database, discovery: DiscoveryId, error: string): Promise<void> {
  await db.prisma.discovery.updateMany({
    where: { id: discovery, state: 'queued' },
    data: { state: 'failed', error, finishedAt: new Date() },
  })
}
