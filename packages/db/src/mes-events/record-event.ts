import type { MesEvent } from '@takt/domain'
import type pg from 'pg'
import { inTransaction } from '../in-transaction.ts'
import type { Database } from '../open-database.ts'
import { lockAssociations } from './associate.ts'
import { readEvent, type StoredMesEvent } from './mes-event-rows.ts'
import { reassociate } from './reassociate.ts'

export type NewMesEvent = Omit<StoredMesEvent, 'id'>

/** What became of an event. `conflict`: another one has its source and id; `differs` names the fields. */
export type RecordedEvent =
  | { readonly outcome: 'recorded'; readonly event: StoredMesEvent; readonly cyclesRevised: number }
  | { readonly outcome: 'known'; readonly event: StoredMesEvent }
  | { readonly outcome: 'conflict'; readonly event: StoredMesEvent; readonly differs: readonly string[] }

const told = ['type', 'value', 'atMs', 'station'] as const satisfies readonly (keyof MesEvent | 'station')[]

/**
 * Records an event and revises the cycles that it changes, both or neither. The same event again changes nothing, also
 * when both come at once.
 */
export const recordEvent = (db: Database, event: NewMesEvent): Promise<RecordedEvent> =>
  inTransaction(db, async sql => {
    const recorded = await insert(sql, event)
    const stored = (await readEvent(sql, event))!
    if (!recorded) {
      const differs = told.filter(field => stored[field] !== event[field])
      return differs.length > 0 ? { outcome: 'conflict', event: stored, differs } : { outcome: 'known', event: stored }
    }
    // The order in which the recorder locks, too.
    await sql.query('select 1 from run_cursor where station_id = $1 for update', [event.station])
    await lockAssociations(sql, event.station)
    const cyclesRevised = await reassociate(sql, stored)
    await countAtSource(sql, stored)
    return { outcome: 'recorded', event: stored, cyclesRevised }
  })

async function insert(sql: pg.PoolClient, event: NewMesEvent): Promise<boolean> {
  const { rowCount } = await sql.query(
    `insert into mes_event (source, event_id, station_id, type, value, at, received_at, skew_ms)
     values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (source, event_id) do nothing`,
    [
      event.source,
      event.eventId,
      event.station,
      event.type,
      event.value,
      new Date(event.atMs),
      new Date(event.receivedAtMs),
      event.skewMs,
    ],
  )
  return rowCount === 1
}

const countAtSource = (sql: pg.PoolClient, { source, atMs, receivedAtMs, skewMs }: StoredMesEvent) =>
  sql.query(
    `insert into mes_source as s (source, events, last_event_at, last_received_at, last_skew_ms, least_skew_ms, most_skew_ms)
     values ($1, 1, $2, $3, $4, $4, $4)
     on conflict (source) do update set events = s.events + 1, last_event_at = greatest(s.last_event_at, $2),
       last_received_at = $3, last_skew_ms = coalesce($4, s.last_skew_ms),
       least_skew_ms = least(s.least_skew_ms, $4), most_skew_ms = greatest(s.most_skew_ms, $4)`,
    [source, new Date(atMs), new Date(receivedAtMs), skewMs],
  )
