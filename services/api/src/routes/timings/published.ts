import type { Database } from '@takt/db'
import { listRevisions, type PublishedEntity } from '@takt/db/listing'
import { apiError } from '../../errors.ts'

/** What stands, or `removed` (410) where a tombstone removed it, or `not-found`. */
export async function published<Row>(
  db: Database,
  { row, entity, id }: { readonly row: Row | null; readonly entity: PublishedEntity; readonly id: string },
): Promise<Row> {
  if (row) return row
  const what = entity === 'interval' ? 'timing' : entity
  const last = (await listRevisions(db, entity, id)).at(-1)
  if (last?.kind === 'tombstone')
    throw apiError('removed', { what, id, reason: last.reason ?? 'no reason is recorded' })
  throw apiError('not-found', { what, id })
}
