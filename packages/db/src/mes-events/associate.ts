import { associateCycles, type CycleAssociation, type StationId } from '@takt/domain'
import type pg from 'pg'
import type { CycleRow } from '../timing-rows.ts'
import { eventsAround } from './mes-event-rows.ts'

/** What the events of an MES say of a cycle, as the columns of its row. */
export interface AssociatedColumns {
  readonly jobOrderId: string | null
  readonly serial: string | null
  readonly variant: string | null
  readonly association: CycleAssociation
}

/** First key of the advisory locks under which a station's events and cycles meet. */
const lockClass = 0x6d657365

/**
 * Until the transaction ends, nobody else records events of the station or publishes its cycles: either the cycle sees
 * the event, or the event finds the cycle.
 */
export const lockAssociations = (sql: pg.PoolClient, station: StationId) =>
  sql.query('select pg_advisory_xact_lock($1, hashtext($2))', [lockClass, station])

/** The rows with what is known of each by now. They are of one station. */
export async function associate(
  sql: pg.PoolClient,
  station: StationId,
  rows: readonly CycleRow[],
): Promise<readonly (CycleRow & AssociatedColumns)[]> {
  const fromMs = Math.min(...rows.map(row => row.startsAt))
  const toMs = Math.max(...rows.map(row => row.endsAt))
  const events = await eventsAround(sql, { station, fromMs, toMs })
  const found = associateCycles(
    rows.map(row => ({ startUtcMs: row.startsAt, endUtcMs: row.endsAt })),
    events,
  )
  return rows.map((row, i) => ({ ...row, ...columnsOf(found[i]!) }))
}

const columnsOf = (association: CycleAssociation): AssociatedColumns => ({
  jobOrderId: association.jobOrder.value,
  serial: association.serial.value,
  variant: association.variant.value,
  association,
})
