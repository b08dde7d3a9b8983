import {
  type Commit,
  type CycleRow,
  type Database,
  type IntervalRow,
  namedId,
  openFirstRun,
  readCursor,
  type StoredCursor,
} from '@takt/db'
import { noCycleYet } from '@takt/domain'
import { addCamera, addRelease, addStation, addView, at } from './database.ts'

export interface Bench {
  readonly station: string
  readonly release: string
  readonly head: string
  readonly step: string
  readonly revision: string
  readonly camera: string
}

let count = 0
/** A released station with its first run, whose cursor stands at the origin. */
export async function addBench(db: Database, encoder: string): Promise<Bench> {
  const name = `station ${++count}`
  const { station, head, pick } = await addStation(db, name, encoder)
  const camera = await addCamera(db, `camera of ${name}`)
  const { revision } = await addView(db, { station: station.id, camera: camera.id })
  const release = await addRelease(db, { station: station.id, head: head.id, encoder })
  await openFirstRun(db, { station: station.id, release: release.id, fromMs: at(0) })
  return {
    station: station.id,
    release: release.id,
    head: head.id,
    step: pick.id,
    revision: revision.id,
    camera: camera.id,
  }
}

export const cursorOf = async (db: Database, { station }: Bench): Promise<StoredCursor> =>
  (await readCursor(db, station))!

export function intervalRow(of: Bench, run: string, ordinal: number, change: Partial<IntervalRow> = {}): IntervalRow {
  return {
    id: namedId(run, `interval ${ordinal}`),
    anchorAt: at(4 * ordinal),
    stationId: of.station,
    runId: run,
    ordinal,
    releaseId: of.release,
    stepId: of.step,
    cycleId: null,
    startsAt: at(4 * ordinal),
    endsAt: at(4 * ordinal + 3),
    durationMs: 3000,
    durationSource: 'media',
    durationSdMs: 80,
    startSdMs: 60,
    endSdMs: 60,
    absoluteErrorMs: 20,
    confidence: 0.5,
    censored: 'none',
    evidence: 'clear',
    author: 'machine',
    revision: 1,
    ...change,
  }
}

export function cycleRow(of: Bench, run: string, ordinal: number): CycleRow {
  return {
    id: namedId(run, `cycle ${ordinal}`),
    anchorAt: at(4 * ordinal),
    stationId: of.station,
    runId: run,
    ordinal,
    releaseId: of.release,
    startsAt: at(4 * ordinal),
    endsAt: at(4 * ordinal + 4),
    durationMs: 4000,
    durationSdMs: 80,
    censored: 'none',
    workMs: 3000,
    idleMs: 1000,
    idleAfterMs: 1000,
    unseenMs: 0,
    missing: ['screw'],
    repeated: [],
    interrupted: [],
    extra: [],
    misplaced: [],
    outOfOrder: false,
    revision: 1,
  }
}

/** The batch that follows on a cursor: four seconds with one interval. */
export function commitAfter(of: Bench, cursor: StoredCursor, change: Partial<Commit> = {}): Commit {
  return {
    station: of.station,
    run: cursor.run,
    from: cursor.decodedThrough,
    next: {
      run: cursor.run,
      decodedThrough: cursor.decodedThrough + 16,
      nextOrdinal: cursor.nextOrdinal + 1,
      checkpoint: Uint8Array.of(1, 2, 3),
      completeThrough: cursor.decodedThrough + 16,
      cycleCarry: noCycleYet,
    },
    opens: null,
    intervals: [intervalRow(of, cursor.run, cursor.nextOrdinal)],
    cycles: [],
    provisionals: [],
    late: [],
    ...change,
  }
}

export const current = (db: Database, of: Bench) =>
  db.prisma.intervalCurrent.findMany({ where: { stationId: of.station }, orderBy: { ordinal: 'asc' } })

export const feedOf = async (db: Database, of: Bench) => {
  const { rows } = await db.pool.query<{ seq: bigint; kind: string; revision: number; body: Record<string, unknown> }>(
    `select c.seq, r.kind, r.revision, r.body from change c join interval_revision r on r.id = c.entity_id and r.revision = c.revision
     where r.station_id = $1 order by c.seq`,
    [of.station],
  )
  return rows
}
