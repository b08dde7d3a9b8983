import type { Database } from '../open-database.ts'
import { documentTypes } from './instant-text.ts'
import { createWhere } from './where.ts'

/** A slot whose attempts are used up. */
export interface DeadSlotDocument {
  readonly viewRevisionId: string
  readonly encoderId: string
  readonly segmentId: string
  readonly stationId: string
  readonly view: string
  readonly cameraId: string
  readonly startTime: string
  readonly endTime: string
  readonly attempts: number
  readonly error: string | null
}

export interface DeadSlotKey {
  readonly segmentId: string
  readonly viewRevisionId: string
  readonly encoderId: string
}

/** Dead slots in the order of segment, view revision and encoder; segments' ids are in the order of their making. */
export async function listDeadSlots(
  db: Database,
  {
    after,
    station,
    limit,
  }: { readonly after?: DeadSlotKey | undefined; readonly station?: string | undefined; readonly limit: number },
): Promise<DeadSlotDocument[]> {
  const where = createWhere()
  where.and(p => `e.state = ${p}`, 'dead')
  if (station) where.and(p => `v.station_id = ${p}`, station)
  if (after) {
    const [view, encoder] = [where.parameter(after.viewRevisionId), where.parameter(after.encoderId)]
    where.and(
      p => `(e.segment_id, e.view_revision_id, e.encoder_id) > (${p}::uuid, ${view}::uuid, ${encoder}::uuid)`,
      after.segmentId,
    )
  }
  const { rows } = await db.pool.query<DeadSlotDocument>({
    text: `select e.view_revision_id as "viewRevisionId", e.encoder_id as "encoderId", e.segment_id as "segmentId",
        v.station_id as "stationId", v.name as view, s.camera_id as "cameraId",
        s.starts_at as "startTime", s.ends_at as "endTime", e.attempts, e.error
      from embedding e join segment s on s.id = e.segment_id
      join view_revision r on r.id = e.view_revision_id join view v on v.id = r.view_id
      ${where.sql()} order by e.segment_id, e.view_revision_id, e.encoder_id limit ${where.parameter(limit)}`,
    values: [...where.values],
    types: documentTypes,
  })
  return rows
}
