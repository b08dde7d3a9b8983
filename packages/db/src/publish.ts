import type pg from 'pg'
import { publishedBody, type TimingRow } from './timing-rows.ts'

/** Why a timing is published anew. */
export type RevisionKind = 'final' | 'revised' | 'corrected' | 'tombstone'

export type Publication = TimingRow & { readonly kind: RevisionKind; readonly reason: string | null }

const tables = { interval: 'interval', cycle: 'cycle' } as const

const columns = {
  interval: `id uuid, "anchorAt" timestamptz, "stationId" uuid, "runId" uuid, ordinal int, "releaseId" uuid, "stepId" uuid,
    "cycleId" uuid, "startsAt" timestamptz, "endsAt" timestamptz, "durationMs" int, "durationSource" text, "durationSdMs" int,
    "startSdMs" int, "endSdMs" int, "absoluteErrorMs" int, confidence real, censored text, author text, revision int`,
  cycle: `id uuid, "anchorAt" timestamptz, "stationId" uuid, "runId" uuid, ordinal int, "releaseId" uuid,
    "startsAt" timestamptz, "endsAt" timestamptz, "durationMs" int, "durationSdMs" int, censored text, missing text[],
    repeated text[], "outOfOrder" boolean, "jobOrderId" text, serial text, revision int`,
} as const

const names = {
  interval: `id, anchor_at, station_id, run_id, ordinal, release_id, step_id, cycle_id, starts_at, ends_at, duration_ms,
    duration_source, duration_sd_ms, start_sd_ms, end_sd_ms, absolute_error_ms, confidence, censored, author, revision`,
  cycle: `id, anchor_at, station_id, run_id, ordinal, release_id, starts_at, ends_at, duration_ms, duration_sd_ms, censored,
    missing, repeated, out_of_order, job_order_id, serial, revision`,
} as const

/**
 * Publishes timings: the current rows, their revisions, and their places in the feed. It belongs at the end of a
 * transaction, since it locks the feed's counter until the commit: so that the order of the feed is that of commits.
 */
export async function publish(sql: pg.PoolClient, publications: readonly Publication[]): Promise<void> {
  if (publications.length === 0) return
  for (const entity of ['interval', 'cycle'] as const) await writeCurrent(sql, entity, publications)
  const { rows } = await sql.query<{ last: bigint }>(
    'update feed set last_seq = last_seq + $1 returning last_seq as last',
    [publications.length],
  )
  const first = rows[0]!.last - BigInt(publications.length) + 1n
  const revisions = publications.map(({ entity, row, kind, reason }, i) => ({
    entity,
    id: row.id,
    anchorAt: new Date(row.anchorAt).toISOString(),
    revision: row.revision,
    stationId: row.stationId,
    kind,
    reason,
    seq: String(first + BigInt(i)),
    body: publishedBody(row),
  }))
  for (const entity of ['interval', 'cycle'] as const)
    await sql.query(
      `insert into ${tables[entity]}_revision (id, anchor_at, revision, station_id, kind, reason, change_seq, body)
       select id, "anchorAt", revision, "stationId", kind, reason, seq, body
       from jsonb_to_recordset($1) as r(id uuid, "anchorAt" timestamptz, revision int, "stationId" uuid, kind text, reason text, seq bigint, body jsonb)`,
      [JSON.stringify(revisions.filter(revision => revision.entity === entity))],
    )
  await sql.query(
    `insert into change (seq, entity, entity_id, anchor_at, revision)
     select seq, entity, id, "anchorAt", revision
     from jsonb_to_recordset($1) as r(seq bigint, entity text, id uuid, "anchorAt" timestamptz, revision int)`,
    [JSON.stringify(revisions.map(({ body: _, ...change }) => change))],
  )
  await sql.query(`select pg_notify('takt_changed', $1)`, [String(first)])
}

/** A tombstone leaves the current rows; everything else is written over what was there. */
async function writeCurrent(
  sql: pg.PoolClient,
  entity: TimingRow['entity'],
  publications: readonly Publication[],
): Promise<void> {
  const own = publications.filter(publication => publication.entity === entity)
  if (own.length === 0) return
  const replaced = own.filter(({ row, kind }) => kind === 'tombstone' || row.revision > 1).map(({ row }) => row.id)
  if (replaced.length > 0)
    await sql.query(`delete from ${tables[entity]}_current where id = any($1::uuid[])`, [replaced])
  const written = own.filter(({ kind }) => kind !== 'tombstone').map(({ row }) => publishedBody<typeof row>(row))
  const list = names[entity]
  const source = list.replaceAll(/\b[a-z]+(_[a-z]+)+\b/g, name => `"${camel(name)}"`)
  await sql.query(
    `insert into ${tables[entity]}_current (${list}) select ${source} from jsonb_to_recordset($1) as r(${columns[entity]})`,
    [JSON.stringify(written)],
  )
}

const camel = (name: string): string => name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
