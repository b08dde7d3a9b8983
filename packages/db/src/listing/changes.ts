import type { Database } from '../open-database.ts'
import { documentTypes } from './instant-text.ts'
import type { PublishedEntity, Revision } from './revisions.ts'

/** The feed's one row. */
export interface FeedState {
  readonly epoch: string
  readonly lastSeq: bigint
  /** Changes up to and with this one are gone. */
  readonly prunedThrough: bigint
}

export interface ChangeRow extends Revision {
  readonly seq: bigint
  readonly entity: PublishedEntity
  readonly stationId: string
}

/** Changes after a place in the feed, in the order of their commits, and the feed as the same snapshot shows it. */
export async function listChanges(
  db: Database,
  { after, limit }: { readonly after: bigint; readonly limit: number },
): Promise<{ readonly feed: FeedState; readonly changes: readonly ChangeRow[] }> {
  const { rows } = await db.pool.query<FeedState & { [Field in keyof ChangeRow]: ChangeRow[Field] | null }>({
    text: `select f.epoch, f.last_seq as "lastSeq", f.pruned_through as "prunedThrough", c.*
      from feed f left join lateral (
        select c.seq, c.entity, c.entity_id as id, c.revision, coalesce(i.station_id, y.station_id) as "stationId",
          coalesce(i.kind, y.kind) as kind, coalesce(i.reason, y.reason) as reason,
          coalesce(i.recorded_at, y.recorded_at) as "recordedAt", coalesce(i.body, y.body) as body
        from change c
        left join interval_revision i on c.entity = 'interval' and i.id = c.entity_id and i.anchor_at = c.anchor_at and i.revision = c.revision
        left join cycle_revision y on c.entity = 'cycle' and y.id = c.entity_id and y.anchor_at = c.anchor_at and y.revision = c.revision
        where c.seq > $1 order by c.seq limit $2
      ) c on true order by c.seq`,
    values: [after, limit],
    types: documentTypes,
  })
  const { epoch, lastSeq, prunedThrough } = rows[0]!
  const changes = rows
    .filter(row => row.seq !== null)
    .map(({ epoch: _, lastSeq: __, prunedThrough: ___, ...change }) => change as ChangeRow)
  return { feed: { epoch, lastSeq, prunedThrough }, changes }
}
