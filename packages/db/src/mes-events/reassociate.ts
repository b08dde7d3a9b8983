import { isDeepStrictEqual } from 'node:util'
import type { UtcMs } from '@takt/domain'
import type pg from 'pg'
import { longestCycleMs } from '../listing/overlap.ts'
import { publish } from '../publish.ts'
import { readCycles } from '../read-published.ts'
import type { CycleRow } from '../timing-rows.ts'
import { type AssociatedColumns, associate } from './associate.ts'
import type { StoredMesEvent } from './mes-event-rows.ts'

/** Cycles judged at once. */
const pageSize = 2000

/**
 * Publishes the cycles that an event changes, as revisions, and returns how many. The station's associations are locked,
 * and the event is recorded.
 */
export async function reassociate(sql: pg.PoolClient, event: StoredMesEvent): Promise<number> {
  const { station, atMs } = event
  const toMs = await effectEndMs(sql, event)
  const reason = `${event.type} ${event.value} by ${event.source} ${event.eventId}`
  const changed: CycleRow[] = []
  for (let after: CycleRow | undefined; ; ) {
    const page = await readCycles(sql, { station, fromMs: atMs, toMs, after, limit: pageSize })
    if (page.length === 0) break
    const now = await associate(sql, station, page)
    changed.push(...page.filter((row, i) => !sameAssociation(row, now[i]!)))
    after = page.at(-1)
  }
  await publish(
    sql,
    changed.map(row => ({ entity: 'cycle', row: { ...row, revision: row.revision + 1 }, kind: 'revised', reason })),
  )
  return changed.length
}

const sameAssociation = (row: CycleRow & Partial<AssociatedColumns>, now: AssociatedColumns): boolean =>
  row.jobOrderId === now.jobOrderId &&
  row.serial === now.serial &&
  row.variant === now.variant &&
  isDeepStrictEqual(row.association, now.association)

/** What begins after an event and ends its effect. */
const endsEffect: Readonly<Record<StoredMesEvent['type'], StoredMesEvent['type'] | null>> = {
  'job-order-started': 'job-order-started',
  'job-order-ended': 'job-order-started',
  'unit-scanned': null,
  'variant-set': 'variant-set',
}

/** Where a later event decides anew: cycles that start there or later are as they were. A scan is of its instant alone. */
async function effectEndMs(sql: pg.PoolClient, { type, station, atMs }: StoredMesEvent): Promise<UtcMs> {
  const ender = endsEffect[type]
  if (ender === null) return atMs + 1
  const { rows } = await sql.query<{ at: Date | null }>(
    'select min(at) as at from mes_event where station_id = $1 and type = $2 and at > $3',
    [station, ender, new Date(atMs)],
  )
  return rows[0]!.at?.getTime() ?? atMs + foreverMs
}

/** Longer than anything that is published yet when an event comes. */
const foreverMs = 1000 * longestCycleMs
