import type { CameraId, CameraState, Transport } from '@takt/domain'
import type { Database } from './open-database.ts'

/** A camera as ingest runs it. `urlSealed` is opened with the context `camera:<id>`. */
export interface IngestCamera {
  readonly id: CameraId
  readonly name: string
  readonly urlSealed: Uint8Array
  readonly transport: Transport
  readonly enabled: boolean
  readonly revision: number
  readonly coveredUntil: Date | null
}

/** What a sealed camera URL is bound to. */
export const cameraSealContext = (camera: CameraId): string => `camera:${camera}`

/** Every camera that has not been removed, by name. Asked every second by ingest, so in plain SQL. */
export async function listIngestCameras(db: Database): Promise<readonly IngestCamera[]> {
  const { rows } = await db.pool.query<IngestCamera>({
    name: 'list-ingest-cameras',
    text: `select id, name, url_sealed as "urlSealed", transport, enabled, revision, covered_until as "coveredUntil"
      from camera where removed_at is null order by name`,
  })
  return rows
}

/** Writes a camera's state and its event; a state it is in already changes only the detail. Returns whether the state changed. */
export async function recordCameraState(
  db: Database,
  { camera, state, detail, at }: { camera: CameraId; state: CameraState; detail: string | null; at: Date },
): Promise<boolean> {
  return db.prisma.$transaction(async tx => {
    const { count } = await tx.camera.updateMany({
      where: { id: camera, NOT: { state } },
      data: { state, stateDetail: detail, stateSince: at },
    })
    if (count === 0) {
      await tx.camera.updateMany({ where: { id: camera }, data: { stateDetail: detail } })
      return false
    }
    await tx.cameraEvent.create({ data: { cameraId: camera, at, state, detail } })
    return true
  })
}

/** Where a camera's chain of coverage ends: `null` before it began, undefined when the camera is not known. */
export async function coverageEnd(db: Database, camera: CameraId): Promise<Date | null | undefined> {
  const row = await db.prisma.camera.findUnique({ where: { id: camera }, select: { coveredUntil: true } })
  return row?.coveredUntil
}
