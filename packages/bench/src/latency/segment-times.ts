import type { Database } from '@takt/db'

/** When a segment passed each stage, ms of UTC. */
export interface SegmentTimes {
  readonly startMs: number
  readonly endMs: number
  readonly closedMs: number
  /** Its row was made, just before the commit. */
  readonly keptMs: number
  readonly embeddedMs: number
}

/** The embedded segments of a camera, in order. Ids are of version 7: they hold the time they were made. */
export async function segmentTimes(db: Database, camera: string): Promise<readonly SegmentTimes[]> {
  const ms = (column: string) => `(extract(epoch from ${column}) * 1000)::float8`
  const { rows } = await db.pool.query<SegmentTimes>(
    `select ${ms('s.starts_at')} as "startMs", ${ms('s.ends_at')} as "endMs", ${ms('s.closed_at')} as "closedMs",
       ${ms('uuid_extract_timestamp(s.id)')} as "keptMs", ${ms('e.embedded_at')} as "embeddedMs"
     from segment s join embedding e on e.segment_id = s.id
     where s.camera_id = $1 and e.state = 'embedded' order by s.starts_at`,
    [camera],
  )
  return rows
}
