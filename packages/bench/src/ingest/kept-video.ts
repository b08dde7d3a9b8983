import type { Database } from '@takt/db'

/** What came of the cameras' video, from the database. */
export interface KeptVideo {
  readonly cameras: number
  readonly segments: number
  /** Links of coverage that say `lost`, after a camera's first segment. */
  readonly lostLinks: number
  /** Time between links of a chain that no link accounts for, ms. */
  readonly unaccountedMs: number
  /** Fewest seconds of video that a camera has. */
  readonly leastSeconds: number
}

export async function keptVideo(db: Database): Promise<KeptVideo> {
  const { rows } = await db.pool.query<KeptVideo>(`
    with links as (
      select camera_id, state, starts_at, ends_at, segment_id,
        lag(ends_at) over chain as before, count(segment_id) over chain as segments_so_far
      from coverage window chain as (partition by camera_id order by starts_at)),
    per_camera as (
      select count(segment_id) as segments,
        count(*) filter (where state = 'lost' and segments_so_far > 0) as lost,
        coalesce(sum(extract(epoch from starts_at - before) * 1000), 0) as unaccounted,
        sum(extract(epoch from ends_at - starts_at)) filter (where state = 'observed') as seconds
      from links group by camera_id)
    select count(*)::int as cameras, sum(segments)::int as segments, sum(lost)::int as "lostLinks",
      sum(unaccounted)::float8 as "unaccountedMs", min(seconds)::float8 as "leastSeconds" from per_camera`)
  return rows[0]!
}
