import type { Database } from '@takt/db'
import { versionInForce } from '@takt/domain'
import { apiError } from '../../errors.ts'
import { referenced } from '../../http/database-refusals.ts'

/** The process version a head is fitted for: the one named, of the station's process, else the one in force, else the first. */
export async function processVersionFor(
  db: Database,
  { station, version, at }: { readonly station: string; readonly version: string | undefined; readonly at: Date },
): Promise<string> {
  const row = referenced(
    await db.prisma.station.findUnique({
      where: { id: station },
      include: { process: { include: { versions: { orderBy: { version: 'asc' } } } } },
    }),
    { what: 'station', id: station, at: 'stationId' },
  )
  const versions = (row.process?.versions ?? []).map(({ id, validFrom }) => ({ id, validFromMs: validFrom.getTime() }))
  if (version !== undefined) {
    const named = versions.find(({ id }) => id === version)
    return referenced(named, { what: "version of the station's process", id: version, at: 'processVersionId' }).id
  }
  const inForce = versionInForce(versions, at.getTime()) ?? versions[0]
  if (!inForce) throw apiError('process-missing', { station })
  return inForce.id
}
