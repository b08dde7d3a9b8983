import type { CoverageEntry } from '@takt/domain'
import type { Database } from '../open-database.ts'

/**
 * The links of a camera's chain that touch `[from, to)`, in order, with the one before and the one after:
 * with them a summary can tell the chain's own ends from the window's.
 */
export async function listCoverage(
  db: Database,
  { camera, from, to }: { readonly camera: string; readonly from: Date; readonly to: Date },
): Promise<CoverageEntry[]> {
  const { rows } = await db.pool.query(
    `with within as (
       select * from coverage where camera_id = $1 and ends_at > $2 and starts_at < $3
       union (select * from coverage where camera_id = $1 and ends_at <= $2 order by ends_at desc limit 1)
       union (select * from coverage where camera_id = $1 and ends_at > $3 and starts_at >= $3 order by ends_at limit 1))
     select camera_id as camera, extract(epoch from starts_at) * 1000 as "startUtcMs",
       extract(epoch from ends_at) * 1000 as "endUtcMs", state, reason, segment_id as segment
     from within order by starts_at`,
    [camera, from, to],
  )
  return rows.map(row => ({ ...row, startUtcMs: Number(row.startUtcMs), endUtcMs: Number(row.endUtcMs) }))
}
