import {
  type CycleCarry,
  type EncoderId,
  type HeadId,
  noCycleYet,
  type ReleaseId,
  type RunId,
  type StationId,
  slotOf,
  type UtcMs,
} from '@takt/domain'
import type { Database } from './open-database.ts'

/** A station that is, or is going to be, decoded. */
export interface ReleasedStation {
  readonly station: StationId
  readonly name: string
  /** In the order of their instants. */
  readonly releases: readonly {
    readonly id: ReleaseId
    readonly station: StationId
    readonly encoder: EncoderId
    readonly head: HeadId
    readonly effectiveFromMs: UtcMs
  }[]
}

/** How far a station is decoded and committed. */
export interface StoredCursor {
  readonly station: StationId
  readonly run: RunId
  readonly release: ReleaseId
  readonly runFromSlot: number
  readonly decodedThrough: number
  readonly nextOrdinal: number
  readonly checkpoint: Uint8Array
  readonly completeThrough: number
  readonly cycleCarry: CycleCarry
}

/** Every station that has a release. */
export async function releasedStations(db: Database): Promise<ReleasedStation[]> {
  const rows = await db.prisma.station.findMany({
    where: { releases: { some: {} } },
    select: { id: true, name: true, releases: { orderBy: [{ effectiveAt: 'asc' }, { createdAt: 'asc' }] } },
    orderBy: { name: 'asc' },
  })
  return rows.map(row => ({
    station: row.id,
    name: row.name,
    releases: row.releases.map(release => ({
      id: release.id,
      station: row.id,
      encoder: release.encoderId,
      head: release.headId,
      effectiveFromMs: release.effectiveAt.getTime(),
    })),
  }))
}

/** Where a station's newest run stands; null before its first run. */
export async function readCursor(db: Database, station: StationId): Promise<StoredCursor | null> {
  const row = await db.prisma.runCursor.findUnique({ where: { stationId: station }, include: { run: true } })
  if (!row) return null
  return {
    station,
    run: row.runId,
    release: row.run.releaseId,
    runFromSlot: Number(row.run.fromSlot),
    decodedThrough: Number(row.decodedThrough),
    nextOrdinal: row.nextOrdinal,
    checkpoint: row.checkpoint,
    completeThrough: Number(row.completeThrough),
    cycleCarry: (row.cycleCarry as CycleCarry | null) ?? noCycleYet,
  }
}

/** Starts a station's first run at its release's instant. Of several that try at once, one does. */
export async function openFirstRun(
  db: Database,
  { station, release, fromMs }: { readonly station: StationId; readonly release: ReleaseId; readonly fromMs: UtcMs },
): Promise<void> {
  const fromSlot = BigInt(slotOf(fromMs))
  await db.prisma.$transaction(async tx => {
    await tx.$queryRaw`select 1 from station where id = ${station}::uuid for update`
    if (await tx.runCursor.findUnique({ where: { stationId: station }, select: { stationId: true } })) return
    const run = await tx.run.create({
      data: { stationId: station, releaseId: release, fromSlot },
      select: { id: true },
    })
    await tx.runCursor.create({
      data: {
        stationId: station,
        runId: run.id,
        decodedThrough: fromSlot,
        nextOrdinal: 0,
        checkpoint: new Uint8Array(),
        completeThrough: fromSlot,
      },
    })
  })
}
