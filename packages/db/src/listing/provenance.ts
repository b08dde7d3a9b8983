import type { ClockSource } from '@takt/domain'
import type { Rectangle } from '../embeddings.ts'
import type { Database } from '../open-database.ts'
import { documentTypes } from './instant-text.ts'

/** A view's revision as it stood over some of an interval. */
export interface ViewInForce {
  readonly viewId: string
  readonly view: string
  readonly required: boolean
  readonly viewRevisionId: string
  readonly cameraId: string
  readonly camera: string
  readonly crop: Rectangle | null
  readonly masks: readonly Rectangle[]
  readonly offsetMs: number
  readonly validFrom: string
}

/** The revisions of stations' views that were in force at some instant of `[from, to)`, by station, in the views' order. */
export async function viewsByStation(
  db: Database,
  { stations, from, to }: { readonly stations: readonly string[]; readonly from: Date; readonly to: Date },
): Promise<ReadonlyMap<string, readonly ViewInForce[]>> {
  const { rows } = await db.pool.query<ViewInForce & { readonly stationId: string }>({
    text: `select station_id as "stationId", "viewId", view, required, "viewRevisionId", "cameraId", camera, crop, masks,
        "offsetMs", "validFrom"
      from (
        select v.station_id, v.id as "viewId", v.name as view, v.required, v.position, r.id as "viewRevisionId",
          r.camera_id as "cameraId", c.name as camera, r.crop, r.masks, r.offset_ms as "offsetMs",
          r.valid_from as "validFrom", lead(r.valid_from) over (partition by r.view_id order by r.valid_from, r.id) as "validTo"
        from view v join view_revision r on r.view_id = v.id join camera c on c.id = r.camera_id
        where v.station_id = any($1::uuid[])) r
      where "validFrom" < $3 and ("validTo" is null or "validTo" > $2)
      order by position, view, "validFrom"`,
    values: [stations, from, to],
    types: documentTypes,
  })
  const byStation = new Map<string, ViewInForce[]>(stations.map(station => [station, []]))
  for (const { stationId, ...view } of rows) byStation.get(stationId)!.push(view)
  return byStation
}

/** The same for one station. */
export const viewsInForce = async (
  db: Database,
  { station, ...window }: { readonly station: string; readonly from: Date; readonly to: Date },
): Promise<readonly ViewInForce[]> => (await viewsByStation(db, { stations: [station], ...window })).get(station)!

/** A piece of video that an interval was read from. */
export interface SegmentDocument {
  readonly id: string
  readonly cameraId: string
  readonly sessionId: string
  readonly sequence: number
  readonly startTime: string
  readonly endTime: string
  readonly clockSource: ClockSource
  readonly absoluteErrorMs: number
  readonly objectKey: string
  readonly bytes: number
}

/** Segments last seconds; none is longer than this. It bounds how far back the index is read. */
const longestSegmentMs = 120_000

/** A camera's segments that overlap `[from, to)`, in order; at most `limit`. */
export async function segmentsWithin(
  db: Database,
  {
    camera,
    from,
    to,
    limit,
  }: { readonly camera: string; readonly from: Date; readonly to: Date; readonly limit: number },
): Promise<SegmentDocument[]> {
  const { rows } = await db.pool.query<SegmentDocument>({
    text: `select id, camera_id as "cameraId", session_id as "sessionId", sequence, starts_at as "startTime",
        ends_at as "endTime", clock_source as "clockSource", absolute_error_ms as "absoluteErrorMs",
        object_key as "objectKey", bytes::float8 as bytes
      from segment where camera_id = $1 and starts_at > $2::timestamptz - $5 * interval '1 ms' and starts_at < $3 and ends_at > $2
      order by starts_at limit $4`,
    values: [camera, from, to, limit, longestSegmentMs],
    types: documentTypes,
  })
  return rows
}

/** A camera's newest segment, or `null`. */
export async function newestSegment(db: Database, camera: string): Promise<SegmentDocument | null> {
  const { rows } = await db.pool.query<SegmentDocument>({
    text: `select id, camera_id as "cameraId", session_id as "sessionId", sequence, starts_at as "startTime",
        ends_at as "endTime", clock_source as "clockSource", absolute_error_ms as "absoluteErrorMs",
        object_key as "objectKey", bytes::float8 as bytes
      from segment where camera_id = $1 order by starts_at desc limit 1`,
    values: [camera],
    types: documentTypes,
  })
  return rows[0] ?? null
}
