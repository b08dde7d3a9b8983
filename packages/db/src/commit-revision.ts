import type { StationId, UtcMs } from '@takt/domain'
import { inTransaction } from './in-transaction.ts'
import type { Database } from './open-database.ts'
import { type Publication, publish } from './publish.ts'
import { type PublishedStretch, readPublished } from './read-published.ts'

/** A revision of a stretch of a station's timings, made from what was published there. */
export interface RevisionCommit {
  readonly station: StationId
  readonly fromMs: UtcMs
  readonly toMs: UtcMs
  /** What the revision was made from; when something else is published by now, it is made anew. */
  readonly seen: PublishedStretch
  readonly publications: readonly Publication[]
  /** The requests that this revision fulfils; none while other parts of their stretch are still to be revised. */
  readonly requests: readonly bigint[]
  readonly outcome: string
}

/**
 * Publishes a revision and closes its requests, or nothing. The station's cursor is locked meanwhile, so that neither
 * the recorder nor another revision publishes beside it. `stale`: what is published is not what the revision saw.
 */
export async function commitRevision(db: Database, revision: RevisionCommit): Promise<'committed' | 'stale'> {
  return inTransaction(db, async sql => {
    await sql.query('select 1 from run_cursor where station_id = $1 for update', [revision.station])
    const now = await readPublished(sql, revision)
    if (versions(now) !== versions(revision.seen)) return 'stale'
    await sql.query('update revision_request set done_at = now(), outcome = $2 where id = any($1::bigint[])', [
      revision.requests.map(String),
      revision.outcome,
    ])
    await publish(sql, revision.publications)
    return 'committed'
  })
}

const versions = ({ intervals, cycles }: PublishedStretch): string =>
  [...intervals, ...cycles].map(row => `${row.id} ${row.revision}`).join('\n')
