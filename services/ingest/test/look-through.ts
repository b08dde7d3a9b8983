import type { Database } from '@takt/db'

/** A station with a view through the camera, and an encoder that serves the plant. */
export async function lookThrough(db: Database, camera: string) {
  const station = await db.prisma.station.create({ data: { name: 'station' } })
  const view = await db.prisma.view.create({ data: { name: 'front', stationId: station.id } })
  const revision = await db.prisma.viewRevision.create({
    data: { viewId: view.id, cameraId: camera, validFrom: new Date(0) },
  })
  const encoder = await db.prisma.encoder.create({
    data: { name: 'e', method: 'untrained', spec: {}, weightsKey: 'e', serving: true },
  })
  return { viewRevision: revision.id, encoder: encoder.id }
}
