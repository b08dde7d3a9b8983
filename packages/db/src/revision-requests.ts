import type { Range, StationId } from '@takt/domain'
import { groupRequests } from './group-requests.ts'
import type { Database } from './open-database.ts'

/** A stretch of a station that is asked to be decoded anew: open requests that are near each other. */
export interface RevisionWork extends Range {
  readonly station: StationId
  readonly name: string
  readonly requests: readonly bigint[]
  readonly reason: string
}

interface OpenRequest extends Range {
  readonly id: bigint
  readonly reason: string
  readonly requestedAt: Date
}

/** Requests read at once; more wait for the next look. */
const mostRequests = 10_000

/**
 * The stretches with open requests that are quiet since `quietSince`, so that a gap which heals segment by segment is
 * revised once. Requests that reach beyond what their station has completed wait for it.
 */
export async function openRevisionWork(db: Database, quietSince: Date): Promise<RevisionWork[]> {
  const { rows } = await db.pool.query<{
    station: StationId
    name: string
    id: bigint
    startsAt: Date
    endsAt: Date
    reason: string
    requestedAt: Date
  }>(
    `select q.station_id as station, st.name, q.id, q.starts_at as "startsAt", q.ends_at as "endsAt", q.reason,
       q.requested_at as "requestedAt"
     from revision_request q join station st on st.id = q.station_id join run_cursor c on c.station_id = q.station_id
     where q.done_at is null and to_timestamp(c.complete_through * 0.25) >= q.ends_at
     order by q.requested_at, q.id limit $1`,
    [mostRequests],
  )
  const ofStation = Map.groupBy(rows, row => row.station)
  return [...ofStation].flatMap(([station, own]) => {
    const requests = own.map(
      ({ id, startsAt, endsAt, reason, requestedAt }): OpenRequest => ({
        id,
        startUtcMs: startsAt.getTime(),
        endUtcMs: endsAt.getTime(),
        reason,
        requestedAt,
      }),
    )
    return groupRequests(requests)
      .filter(group => group.every(request => request.requestedAt < quietSince))
      .map(group => ({
        station,
        name: own[0]!.name,
        requests: group.map(request => request.id),
        startUtcMs: Math.min(...group.map(request => request.startUtcMs)),
        endUtcMs: Math.max(...group.map(request => request.endUtcMs)),
        reason: [...new Set(group.map(request => request.reason))].sort().join(', '),
      }))
  })
}

/** Lets requests wait as if they had just been made: what they need is not there yet. */
export async function postponeRevision(db: Database, requests: readonly bigint[]): Promise<void> {
  await db.pool.query('update revision_request set requested_at = now() where id = any($1::bigint[])', [
    requests.map(String),
  ])
}
