import type { StationId, UtcMs } from '@takt/domain'
import type { Database } from './open-database.ts'

/** What of a station is asked to be decoded anew: all open requests together, so that one job heals a gap. */
export interface RevisionWork {
  readonly station: StationId
  readonly name: string
  readonly requests: readonly bigint[]
  readonly startUtcMs: UtcMs
  readonly endUtcMs: UtcMs
  readonly reason: string
}

/**
 * The stations with open requests that are quiet since `quietSince`, so that a gap which heals segment by segment is
 * revised once. Requests that reach beyond what the station has completed wait for it.
 */
export async function openRevisionWork(db: Database, quietSince: Date): Promise<RevisionWork[]> {
  const { rows } = await db.pool.query<{
    station: string
    name: string
    requests: string[]
    startsAt: Date
    endsAt: Date
    reason: string
  }>(
    `select q.station_id as station, st.name, array_agg(q.id::text) as requests, min(q.starts_at) as "startsAt",
       max(q.ends_at) as "endsAt", string_agg(distinct q.reason, ', ') as reason
     from revision_request q join station st on st.id = q.station_id join run_cursor c on c.station_id = q.station_id
     where q.done_at is null and to_timestamp(c.complete_through * 0.25) >= q.ends_at
     group by q.station_id, st.name having max(q.requested_at) < $1`,
    [quietSince],
  )
  return rows.map(({ startsAt, endsAt, requests, ...row }) => ({
    ...row,
    requests: requests.map(BigInt),
    startUtcMs: startsAt.getTime(),
    endUtcMs: endsAt.getTime(),
  }))
}
