import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Database, migrate, openDatabase } from '@takt/db'
import { startPostgres } from '../src/postgres.ts'

/** A migrated database on a Postgres of its own. */
export async function startDatabase(): Promise<AsyncDisposable & { readonly db: Database; readonly url: string }> {
  const stateDir = await mkdtemp(join(tmpdir(), 'takt-database-'))
  const postgres = await startPostgres({ stateDir, durability: 'fast' })
  await migrate(postgres.url)
  const db = openDatabase({ url: postgres.url, connections: 20 })
  return {
    db,
    url: postgres.url,
    [Symbol.asyncDispose]: async () => {
      await db[Symbol.asyncDispose]()
      await postgres.stop()
      await rm(stateDir, { recursive: true, force: true })
    },
  }
}

/** The instant that these tests count from, and its first slot. */
export const origin = Date.UTC(2026, 10, 24, 8)
export const originSlot = origin / 250
export const at = (seconds: number): number => origin + seconds * 1000
export const date = (seconds: number): Date => new Date(at(seconds))

/** Seeds a camera. */
export const addCamera = (db: Database, name: string) =>
  db.prisma.camera.create({ data: { name, urlSealed: new Uint8Array([1]), urlShown: 'rtsp://camera/1' } })

export const addEncoder = (db: Database, name: string, serving = true) =>
  db.prisma.encoder.create({ data: { name, method: 'untrained', spec: {}, weightsKey: `encoders/${name}`, serving } })

/** Seeds a station with a process of two tasks and a ready head under the encoder. */
export async function addStation(db: Database, name: string, encoder: string) {
  const process = await db.prisma.process.create({ data: { name: `process of ${name}` } })
  const version = await db.prisma.processVersion.create({
    data: { processId: process.id, version: 1, validFrom: date(-3600) },
  })
  const step = (stepName: string, position: number) =>
    db.prisma.step.create({
      data: { processVersionId: version.id, level: 'task', name: stepName, position, opensCycle: position === 0 },
    })
  const pick = await step('pick', 0)
  const screw = await step('screw', 1)
  const station = await db.prisma.station.create({ data: { name, processId: process.id } })
  const head = await db.prisma.head.create({
    data: {
      stationId: station.id,
      encoderId: encoder,
      processVersionId: version.id,
      state: 'ready',
      objectKey: `heads/${name}`,
    },
  })
  return { station, head, pick, screw }
}

export async function addView(
  db: Database,
  {
    station,
    camera,
    name = 'front',
    offsetMs = 0,
  }: { station: string; camera: string; name?: string; offsetMs?: number },
) {
  const view = await db.prisma.view.create({ data: { stationId: station, name } })
  const revision = await db.prisma.viewRevision.create({
    data: { viewId: view.id, cameraId: camera, validFrom: date(-3600), offsetMs },
  })
  return { view, revision }
}

/** Releases a station's head from the origin on. */
export async function addRelease(
  db: Database,
  { station, head, encoder }: { station: string; head: string; encoder: string },
) {
  return db.prisma.release.create({
    data: { stationId: station, encoderId: encoder, headId: head, effectiveAt: date(0) },
  })
}
