import type { Database } from '@takt/db'
import { referenced } from '../../http/database-refusals.ts'

/** The stations named, each once; one that is not there is refused. */
export async function stationsNamed(db: Database, ids: readonly string[]): Promise<string[]> {
  const named = [...new Set(ids)]
  const rows = await db.prisma.station.findMany({ where: { id: { in: named } }, select: { id: true } })
  const there = new Set(rows.map(row => row.id))
  for (const id of named) referenced(there.has(id) ? id : null, { what: 'station', id, at: 'stations' })
  return named
}
