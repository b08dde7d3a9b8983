import { type CycleRow, commitToStation, type Database, namedId } from '@takt/db'
import { noCycleYet, slotOf } from '@takt/domain'
import { at, origin, type Plant } from '../plant.ts'

/** A station whose run has a cursor, as after its first batch. */
export const openCursor = (db: Database, plant: Plant) =>
  db.prisma.runCursor.create({
    data: {
      stationId: plant.station.id,
      runId: plant.run.id,
      decodedThrough: BigInt(slotOf(origin)),
      nextOrdinal: 0,
      checkpoint: new Uint8Array(),
      completeThrough: BigInt(slotOf(origin)),
    },
  })

const cycleRow = (plant: Plant, ordinal: number, lengthSeconds: number): CycleRow => ({
  id: namedId(plant.run.id, `cycle ${ordinal}`),
  anchorAt: at(ordinal * lengthSeconds).getTime(),
  stationId: plant.station.id,
  runId: plant.run.id,
  ordinal,
  releaseId: plant.release.id,
  startsAt: at(ordinal * lengthSeconds).getTime(),
  endsAt: at((ordinal + 1) * lengthSeconds).getTime(),
  durationMs: lengthSeconds * 1000,
  durationSdMs: 50,
  censored: 'none',
  workMs: null,
  idleMs: null,
  idleAfterMs: null,
  unseenMs: null,
  missing: [],
  interrupted: [],
  extra: [],
  misplaced: [],
  repeated: [],
  outOfOrder: false,
  revision: 1,
})

/** Commits cycles `[from, to)` of 10 s each, as the recorder does; returns their ids. */
export async function recordCycles(db: Database, plant: Plant, from: number, to: number): Promise<string[]> {
  const cycles = Array.from({ length: to - from }, (_, i) => cycleRow(plant, from + i, 10))
  const cursor = await db.prisma.runCursor.findUniqueOrThrow({ where: { stationId: plant.station.id } })
  const decodedThrough = slotOf(at(to * 10).getTime())
  const outcome = await commitToStation(db, {
    station: plant.station.id,
    run: plant.run.id,
    from: Number(cursor.decodedThrough),
    next: {
      run: plant.run.id,
      decodedThrough,
      nextOrdinal: 0,
      checkpoint: new Uint8Array(),
      completeThrough: decodedThrough,
      cycleCarry: noCycleYet,
    },
    opens: null,
    intervals: [],
    cycles,
    provisionals: [],
    late: [],
  })
  if (outcome !== 'committed') throw new Error(`the batch up to cycle ${to} is ${outcome}`)
  return cycles.map(cycle => cycle.id)
}
