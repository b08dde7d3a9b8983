import type { UtcMs } from '@takt/domain'
import type pg from 'pg'
import { dbError } from './errors.ts'
import { selectCycle } from './listing/cycles.ts'
import { documentTypes } from './listing/instant-text.ts'
import { selectTiming } from './listing/timings.ts'
import { associate, lockAssociations } from './mes-events/associate.ts'
import type { TimingRow } from './timing-rows.ts'

/** Why a timing is published anew. */
export type RevisionKind = 'final' | 'revised' | 'corrected' | 'tombstone'

/** A timing as it is from now on. A tombstone carries the row that it removes, with the next revision's number. */
export type Publication = TimingRow & { readonly kind: RevisionKind; readonly reason: string | null }

type Entity = TimingRow['entity']

const entities: readonly Entity[] = ['interval', 'cycle']

/** Each column of the current rows with its type, in the row's own names. */
const columns: Readonly<Record<Entity, Readonly<Record<string, string>>>> = {
  interval: {
    id: 'uuid',
    anchorAt: 'timestamptz',
    stationId: 'uuid',
    runId: 'uuid',
    ordinal: 'int',
    releaseId: 'uuid',
    stepId: 'uuid',
    cycleId: 'uuid',
    startsAt: 'timestamptz',
    endsAt: 'timestamptz',
    durationMs: 'int',
    durationSource: 'text',
    durationSdMs: 'int',
    startSdMs: 'int',
    endSdMs: 'int',
    absoluteErrorMs: 'int',
    confidence: 'real',
    censored: 'text',
    evidence: 'text',
    motions: 'jsonb',
    author: 'text',
    revision: 'int',
  },
  cycle: {
    id: 'uuid',
    anchorAt: 'timestamptz',
    stationId: 'uuid',
    runId: 'uuid',
    ordinal: 'int',
    releaseId: 'uuid',
    startsAt: 'timestamptz',
    endsAt: 'timestamptz',
    durationMs: 'int',
    durationSdMs: 'int',
    censored: 'text',
    workMs: 'int',
    idleMs: 'int',
    idleAfterMs: 'int',
    unseenMs: 'int',
    missing: 'text[]',
    repeated: 'text[]',
    interrupted: 'text[]',
    extra: 'text[]',
    misplaced: 'text[]',
    outOfOrder: 'boolean',
    jobOrderId: 'text',
    serial: 'text',
    variant: 'text',
    association: 'jsonb',
    revision: 'int',
  },
}

const selectDocument: Readonly<Record<Entity, string>> = { interval: selectTiming, cycle: selectCycle }

/**
 * Publishes timings: the current rows, their revisions as documents, and their places in the feed. It belongs at the
 * end of a transaction, since it locks the feed's counter until the commit, so that the feed has the order of commits.
 * Throws `timing-unknown` where a row that is to be removed, or what a row refers to, is not there.
 */
export async function publish(sql: pg.PoolClient, publications: readonly Publication[]): Promise<void> {
  if (publications.length === 0) return
  const documents = new Map<string, object>()
  for (const entity of entities) {
    const own = publications.filter(publication => publication.entity === entity)
    const gone = own.filter(({ kind }) => kind === 'tombstone').map(({ row }) => row.id)
    const standing = await rowsToStand(
      sql,
      own.filter(({ kind }) => kind !== 'tombstone'),
    )
    await readDocuments(sql, entity, gone, documents)
    await removeRows(sql, entity, [...gone, ...standing.filter(row => row.revision > 1).map(row => row.id)])
    await writeRows(sql, entity, standing)
    await readDocuments(
      sql,
      entity,
      standing.map(row => row.id),
      documents,
    )
  }
  const first = await takeSequence(sql, publications.length)
  const changes = publications.map(({ entity, row, kind, reason }, i) => ({
    entity,
    id: row.id,
    anchorAt: instant(row.anchorAt),
    revision: row.revision,
    stationId: row.stationId,
    kind,
    reason,
    seq: String(first + BigInt(i)),
    body: documentOf(entity, row.id, documents),
  }))
  for (const entity of entities)
    await writeRevisions(
      sql,
      entity,
      changes.filter(change => change.entity === entity),
    )
  await sql.query(
    `insert into change (seq, entity, entity_id, anchor_at, revision)
     select seq, entity, id, "anchorAt", revision
     from jsonb_to_recordset($1) as r(seq bigint, entity text, id uuid, "anchorAt" timestamptz, revision int)`,
    [JSON.stringify(changes.map(({ body: _, ...change }) => change))],
  )
}

/** Rows as they are written: cycles with the job order, serial and variant that the MES's events give them by now. */
async function rowsToStand(
  sql: pg.PoolClient,
  publications: readonly Publication[],
): Promise<readonly TimingRow['row'][]> {
  const cycles = publications.flatMap(({ entity, row }) => (entity === 'cycle' ? [row] : []))
  const associated = new Map<string, TimingRow['row']>()
  for (const [station, rows] of [...Map.groupBy(cycles, row => row.stationId)].sort()) {
    await lockAssociations(sql, station)
    for (const row of await associate(sql, station, rows)) associated.set(row.id, row)
  }
  return publications.map(({ row }) => associated.get(row.id) ?? row)
}

function documentOf(entity: Entity, id: string, documents: ReadonlyMap<string, object>): object {
  const document = documents.get(id)
  if (!document) throw dbError('timing-unknown', { entity, id })
  return document
}

/** Takes the next numbers of the feed and holds its counter until the transaction ends. Returns the first. */
async function takeSequence(sql: pg.PoolClient, count: number): Promise<bigint> {
  const { rows } = await sql.query<{ last: bigint }>(
    'update feed set last_seq = last_seq + $1 returning last_seq as last',
    [count],
  )
  return rows[0]!.last - BigInt(count) + 1n
}

async function readDocuments(
  sql: pg.PoolClient,
  entity: Entity,
  ids: readonly string[],
  into: Map<string, object>,
): Promise<void> {
  if (ids.length === 0) return
  const text = `${selectDocument[entity]} where i.id = any($1::uuid[])`
  const { rows } = await sql.query<{ id: string }>({ text, values: [ids], types: documentTypes })
  for (const document of rows) into.set(document.id, document)
}

async function removeRows(sql: pg.PoolClient, entity: Entity, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await sql.query(`delete from ${entity}_current where id = any($1::uuid[])`, [ids])
}

async function writeRows(sql: pg.PoolClient, entity: Entity, rows: readonly TimingRow['row'][]): Promise<void> {
  if (rows.length === 0) return
  const names = Object.keys(columns[entity])
  const record = Object.entries(columns[entity]).map(([name, type]) => `"${name}" ${type}`)
  await sql.query(
    `insert into ${entity}_current (${names.map(snake).join(', ')})
     select ${names.map(name => `"${name}"`).join(', ')} from jsonb_to_recordset($1) as r(${record.join(', ')})`,
    [
      JSON.stringify(
        rows.map(row => ({
          ...row,
          anchorAt: instant(row.anchorAt),
          startsAt: instant(row.startsAt),
          endsAt: instant(row.endsAt),
        })),
      ),
    ],
  )
}

async function writeRevisions(sql: pg.PoolClient, entity: Entity, changes: readonly object[]): Promise<void> {
  if (changes.length === 0) return
  await sql.query(
    `insert into ${entity}_revision (id, anchor_at, revision, station_id, kind, reason, change_seq, body)
     select id, "anchorAt", revision, "stationId", kind, reason, seq, body
     from jsonb_to_recordset($1) as r(id uuid, "anchorAt" timestamptz, revision int, "stationId" uuid, kind text,
       reason text, seq bigint, body jsonb)`,
    [JSON.stringify(changes)],
  )
}

const instant = (ms: UtcMs): string => new Date(ms).toISOString()

const snake = (name: string): string => name.replaceAll(/[A-Z]/g, letter => `_${letter.toLowerCase()}`)
