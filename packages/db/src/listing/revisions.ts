import type { Database } from '../open-database.ts'
import { documentTypes } from './instant-text.ts'

export const publishedEntities = ['interval', 'cycle'] as const
export type PublishedEntity = (typeof publishedEntities)[number]

/** One state that an interval or a cycle has had. A tombstone's `body` is what it removed. */
export interface Revision {
  readonly id: string
  readonly revision: number
  readonly kind: 'final' | 'revised' | 'corrected' | 'tombstone' | 'proposal'
  readonly reason: string | null
  readonly recordedAt: string
  readonly body: unknown
}

const tables: Readonly<Record<PublishedEntity, string>> = { interval: 'interval_revision', cycle: 'cycle_revision' }

/** Every revision, first to last; empty where there never was such a thing. */
export async function listRevisions(db: Database, entity: PublishedEntity, id: string): Promise<Revision[]> {
  const { rows } = await db.pool.query<Revision>({
    text: `select id, revision, kind, reason, recorded_at as "recordedAt", body from ${tables[entity]} where id = $1 order by revision`,
    values: [id],
    types: documentTypes,
  })
  return rows
}
