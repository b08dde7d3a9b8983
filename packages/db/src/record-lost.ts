import { dbError } from './errors.ts'
import { type CoverageLink, coverageRow } from './keep-segment.ts'
import type { Database } from './open-database.ts'

/**
 * Writes what was lost without a segment behind it: a hole after a restart, an outage that ingest saw, a camera
 * switched off. `coveredUntilMs` is where the caller saw the chain end; when another has moved it: `coverage-moved`.
 * An outage that goes on lengthens its link, so that a week without a camera is one row.
 */
export async function recordLost(
  db: Database,
  coverage: readonly CoverageLink[],
  coveredUntilMs: number | null,
): Promise<void> {
  const last = coverage.at(-1)
  if (!last) return
  const expected = coveredUntilMs === null ? null : new Date(coveredUntilMs)
  const { rowCount } = await db.pool.query({
    name: 'record-lost',
    text: recordInOneStatement,
    values: [JSON.stringify(coverage.map(coverageRow)), last.camera, expected, new Date(last.endUtcMs)],
  })
  if (rowCount === 0)
    throw dbError('coverage-moved', { camera: last.camera, expected: expected?.toISOString() ?? null })
}

const recordInOneStatement = `
  with moved as (
    update camera set covered_until = $4 where id = $2 and covered_until is not distinct from $3::timestamptz returning id
  ), link as (
    select l.* from moved, jsonb_populate_recordset(null::coverage, $1) l
  ), lengthened as (
    update coverage set ends_at = link.ends_at from link
    where coverage.camera_id = link.camera_id and coverage.ends_at = link.starts_at
      and coverage.state = 'lost' and coverage.reason = link.reason and coverage.segment_id is null
    returning link.starts_at
  ), added as (
    insert into coverage (camera_id, starts_at, ends_at, state, reason)
    select camera_id, starts_at, ends_at, state, reason from link where starts_at not in (select starts_at from lengthened)
  )
  select pg_notify('takt_segment', id::text) from moved`
