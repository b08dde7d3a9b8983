import type { Database } from '../open-database.ts'
import { documentTypes } from './instant-text.ts'

/** Up to when a required view is settled, and which video it waits for. */
export interface ViewProgress {
  readonly viewId: string
  readonly view: string
  readonly cameraId: string
  /** `null` before the camera's first segment. */
  readonly settledUntil: string | null
  readonly waitsFor: 'pending' | 'end-of-chain'
}

/**
 * The frontier of each required view under an encoder: its earliest pending slot, else the end of its camera's coverage.
 * A view's revisions are taken together, the newest one names the camera.
 */
export async function viewProgress(
  db: Database,
  { station, encoder }: { readonly station: string; readonly encoder: string | null },
): Promise<ViewProgress[]> {
  const { rows } = await db.pool.query<ViewProgress>({
    text: `select v.id as "viewId", v.name as view, now.camera_id as "cameraId",
        coalesce(pending.starts_at, c.covered_until) as "settledUntil",
        case when pending.starts_at is null then 'end-of-chain' else 'pending' end as "waitsFor"
      from view v
      join lateral (select camera_id from view_revision where view_id = v.id and valid_from <= now()
        order by valid_from desc, id desc limit 1) now on true
      join camera c on c.id = now.camera_id
      left join lateral (select min(s.starts_at) as starts_at from embedding e
        join view_revision r on r.id = e.view_revision_id join segment s on s.id = e.segment_id
        where r.view_id = v.id and e.encoder_id = $2 and e.state = 'pending') pending on true
      where v.station_id = $1 and v.required order by v.position, v.name`,
    values: [station, encoder],
    types: documentTypes,
  })
  return rows
}

/** Video that decoding has passed without seeing it and that may still heal. */
export interface OpenGap {
  readonly viewId: string
  readonly view: string
  readonly segmentId: string
  readonly state: 'late' | 'dead'
  readonly startTime: string
  readonly endTime: string
}

/** The newest open gaps of a station under an encoder, newest first. */
export async function openGaps(
  db: Database,
  { station, encoder, limit }: { readonly station: string; readonly encoder: string | null; readonly limit: number },
): Promise<OpenGap[]> {
  const { rows } = await db.pool.query<OpenGap>({
    text: `select v.id as "viewId", v.name as view, e.segment_id as "segmentId", e.state,
        s.starts_at as "startTime", s.ends_at as "endTime"
      from embedding e join view_revision r on r.id = e.view_revision_id join view v on v.id = r.view_id
      join segment s on s.id = e.segment_id
      where v.station_id = $1 and e.encoder_id = $2 and e.state in ('late', 'dead')
      order by s.starts_at desc, e.segment_id limit $3`,
    values: [station, encoder, limit],
    types: documentTypes,
  })
  return rows
}
