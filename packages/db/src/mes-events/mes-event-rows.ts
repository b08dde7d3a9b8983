import type { MesEvent, StationId, UtcMs } from '@takt/domain'
import type pg from 'pg'

/** An event as it is kept. */
export interface StoredMesEvent extends MesEvent {
  readonly id: string
  readonly station: StationId
  readonly receivedAtMs: UtcMs
  /** Our clock at arrival less the source's at sending, where it said so. */
  readonly skewMs: number | null
}

interface Row {
  readonly id: string
  readonly station: StationId
  readonly source: string
  readonly eventId: string
  readonly type: MesEvent['type']
  readonly value: string
  readonly at: Date
  readonly receivedAt: Date
  readonly skewMs: number | null
}

const columns = `e.id, e.station_id as station, e.source, e.event_id as "eventId", e.type, e.value, e.at,
  e.received_at as "receivedAt", e.skew_ms as "skewMs"`

const read = async (sql: pg.Pool | pg.PoolClient, where: string, values: unknown[]): Promise<StoredMesEvent[]> => {
  const { rows } = await sql.query<Row>(`select ${columns} from mes_event e where ${where}`, values)
  return rows.map(({ at, receivedAt, ...row }) => ({ ...row, atMs: at.getTime(), receivedAtMs: receivedAt.getTime() }))
}

export const readEvent = async (
  sql: pg.Pool | pg.PoolClient,
  { source, eventId }: Pick<MesEvent, 'source' | 'eventId'>,
): Promise<StoredMesEvent | null> =>
  (await read(sql, 'e.source = $1 and e.event_id = $2', [source, eventId]))[0] ?? null

/**
 * The events that say what cycles between two instants are: theirs, and from the last start of a job order and the last
 * variant before on.
 */
export const eventsAround = (
  sql: pg.Pool | pg.PoolClient,
  { station, fromMs, toMs }: { readonly station: StationId; readonly fromMs: UtcMs; readonly toMs: UtcMs },
): Promise<StoredMesEvent[]> => {
  const since = (type: string) =>
    `e.at >= (select max(b.at) from mes_event b where b.station_id = $1 and b.type = '${type}' and b.at <= $2)`
  return read(
    sql,
    `e.station_id = $1 and e.at < $3 and (e.at >= $2
       or (e.type in ('job-order-started', 'job-order-ended') and ${since('job-order-started')})
       or (e.type = 'variant-set' and ${since('variant-set')}))`,
    [station, new Date(fromMs), new Date(toMs)],
  )
}

/** The newest events of a station, or of all, that are older than `before`. */
export const listEvents = (
  sql: pg.Pool,
  {
    station,
    before,
    limit,
  }: { readonly station: string | null; readonly before: string | null; readonly limit: number },
): Promise<StoredMesEvent[]> =>
  read(sql, '($1::uuid is null or e.station_id = $1) and ($2::uuid is null or e.id < $2) order by e.id desc limit $3', [
    station,
    before,
    limit,
  ])
