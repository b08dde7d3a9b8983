import { randomBytes } from 'node:crypto'
import type { Database } from '@takt/db'
import { type CameraId, uuidRandomBytes, uuidV7 } from '@takt/domain'

export const newId = (): string => uuidV7(Date.now(), randomBytes(uuidRandomBytes))

/** A station with one view through a camera that ingest does not run: its segments come from here. */
export async function seedCamera(db: Database, name: string, atMs: number): Promise<CameraId> {
  const { prisma } = db
  const url = { urlShown: 'rtsp://nowhere', urlSealed: new Uint8Array() }
  const camera = await prisma.camera.create({ data: { name, ...url, enabled: false, removedAt: new Date(atMs) } })
  const station = await prisma.station.create({ data: { name } })
  const view = await prisma.view.create({ data: { stationId: station.id, name: 'front' } })
  await prisma.viewRevision.create({ data: { viewId: view.id, cameraId: camera.id, validFrom: new Date(atMs) } })
  return camera.id
}
