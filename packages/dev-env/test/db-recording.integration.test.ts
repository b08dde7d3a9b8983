import {
  type Commit,
  type CycleRow,
  commitRevision,
  commitToStation,
  correctInterval,
  type Database,
  type IntervalRow,
  namedId,
  openFirstRun,
  type Publication,
  readCursor,
  readPublished,
  runsWithin,
  type StoredCursor,
} from '@takt/db'
import { noCycleYet } from '@takt/domain'
import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest'
import {
  addCamera,
  addEncoder,
  addRelease,
  addStation,
  addView,
  at,
  date,
  originSlot,
  startDatabase,
} from './database.ts'

const stack = new AsyncDisposableStack()
let db: Database
let encoder: string
beforeAll(async () => {
  db = stack.use(await startDatabase()).db
  encoder = (await addEncoder(db, 'serving')).id
})
afterAll(() => stack.disposeAsync())

interface Bench {
  readonly station: string
  readonly release: string
  readonly head: string
  readonly step: string
  readonly revision: string
  readonly camera: string
}

let count = 0
/** A released station with its first run, whose cursor stands at the origin. */
async function addBench(): Promise<Bench> {
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

const cursorOf = async ({ station }: Bench): Promise<StoredCursor> => (await readCursor(db, station))!

function intervalRow(of: Bench, run: string, ordinal: number, change: Partial<IntervalRow> = {}): IntervalRow {
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

function cycleRow(of: Bench, run: string, ordinal: number): CycleRow {
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
function commitAfter(of: Bench, cursor: StoredCursor, change: Partial<Commit> = {}): Commit {
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

const current = (of: Bench) =>
  db.prisma.intervalCurrent.findMany({ where: { stationId: of.station }, orderBy: { ordinal: 'asc' } })

const feedOf = async (of: Bench) => {
  const { rows } = await db.pool.query<{ seq: bigint; kind: string; revision: number; body: Record<string, unknown> }>(
    `select c.seq, r.kind, r.revision, r.body from change c join interval_revision r on r.id = c.entity_id and r.revision = c.revision
     where r.station_id = $1 order by c.seq`,
    [of.station],
  )
  return rows
}

let bench: Bench
beforeEach(async () => {
  bench = await addBench()
})

test('the motions of an interval are published with what they leave, and gone where a revision has none', async () => {
  const cursor = await cursorOf(bench)
  const motion = { step: 'reach', startMs: 100, endMs: 811, startSdMs: 60, endSdMs: 50, confidence: 0.75 }
  const rows = [[motion], [], undefined].map((motions, ordinal) => intervalRow(bench, cursor.run, ordinal, { motions }))
  await commitToStation(db, commitAfter(bench, cursor, { intervals: rows }))
  expect((await feedOf(bench)).map(({ body: { motions, restMs } }) => [motions, restMs])).toEqual([
    [[{ ...motion, durationMs: 711 }], 2289],
    [[], 3000],
    [null, null],
  ])
  const { intervals } = await readPublished(db.pool, { station: bench.station, fromMs: at(0), toMs: at(12) })
  expect(intervals.map(({ motions }) => motions)).toEqual([[motion], [], null])
  const next = { startsAt: at(0), endsAt: at(2), stepId: bench.step }
  const correction = { interval: rows[0]!.id, next, author: 'line lead', reason: 'seen on the video' }
  expect(await correctInterval(db, correction, 1)).toMatchObject({ outcome: 'corrected' })
  expect((await feedOf(bench)).at(-1)!.body).toMatchObject({ author: 'person', motions: null, restMs: null })
})

describe('a batch is committed', () => {
  it('whole: cursor, rows, documents, feed and provisionals', async () => {
    const cursor = await cursorOf(bench)
    const cycles = [cycleRow(bench, cursor.run, 0)]
    const commit = commitAfter(bench, cursor, { cycles, provisionals: [{ step: 'pick' }] })
    expect(await commitToStation(db, commit)).toBe('committed')
    expect(await cursorOf(bench)).toMatchObject({
      run: cursor.run,
      decodedThrough: originSlot + 16,
      nextOrdinal: 1,
      checkpoint: new Uint8Array([1, 2, 3]),
      completeThrough: originSlot + 16,
    })
    expect(await current(bench)).toMatchObject([{ ordinal: 0, startsAt: date(0), durationMs: 3000, revision: 1 }])
    expect(await feedOf(bench)).toMatchObject([
      {
        kind: 'final',
        revision: 1,
        body: { step: 'pick', stationId: bench.station, startTime: '2026-11-24T08:00:00.000Z', durationMs: 3000 },
      },
    ])
    expect(await db.prisma.provisional.findUnique({ where: { stationId: bench.station } })).toMatchObject({
      runId: cursor.run,
      intervals: [{ step: 'pick' }],
    })
    expect(await db.prisma.cycleCurrent.count({ where: { stationId: bench.station } })).toBe(1)
  })

  it('once: of many recorders that have it, exactly one commits, and nothing is doubled', async () => {
    const commit = commitAfter(bench, await cursorOf(bench))
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => commitToStation(db, commit)))
    expect(outcomes.filter(outcome => outcome === 'committed')).toHaveLength(1)
    expect(outcomes.filter(outcome => outcome === 'stale')).toHaveLength(7)
    expect(await current(bench)).toHaveLength(1)
    expect(await feedOf(bench)).toHaveLength(1)
  })

  it('not at all when the cursor has moved on', async () => {
    const cursor = await cursorOf(bench)
    await commitToStation(db, commitAfter(bench, cursor))
    const zombie = commitAfter(bench, cursor, { intervals: [intervalRow(bench, cursor.run, 7)] })
    expect(await commitToStation(db, zombie)).toBe('stale')
    expect(await current(bench)).toMatchObject([{ ordinal: 0 }])
  })

  it('not at all when another run has taken over, and a run that lost leaves no trace', async () => {
    const cursor = await cursorOf(bench)
    const takeover = (run: string) =>
      commitAfter(bench, cursor, {
        opens: { run, release: bench.release, fromSlot: originSlot + 8 },
        next: { ...commitAfter(bench, cursor).next, run, decodedThrough: originSlot + 8, nextOrdinal: 0 },
      })
    const [first, second] = [crypto.randomUUID(), crypto.randomUUID()]
    expect(await commitToStation(db, takeover(first))).toBe('committed')
    expect(await commitToStation(db, takeover(second))).toBe('stale')
    expect(await commitToStation(db, commitAfter(bench, cursor))).toBe('stale')
    expect(await db.prisma.run.findUnique({ where: { id: second } })).toBeNull()
    expect(await cursorOf(bench)).toMatchObject({ run: first, runFromSlot: originSlot + 8 })
  })

  it('not at all when any part of it fails, and can then be committed', async () => {
    const cursor = await cursorOf(bench)
    const broken = commitAfter(bench, cursor, {
      intervals: [intervalRow(bench, cursor.run, 0, { stepId: crypto.randomUUID() })],
    })
    await expect(commitToStation(db, broken)).rejects.toMatchObject({ code: 'timing-unknown' })
    expect(await cursorOf(bench)).toEqual(cursor)
    expect(await current(bench)).toEqual([])
    expect(await commitToStation(db, commitAfter(bench, cursor))).toBe('committed')
  })

  it('not at all when its connection dies in the middle, and the process lives on', async () => {
    const cursor = await cursorOf(bench)
    const locker = await db.pool.connect()
    await locker.query('begin')
    await locker.query('select 1 from feed for update')
    const waiting = commitToStation(db, commitAfter(bench, cursor))
    waiting.catch(() => undefined)
    await expect
      .poll(async () => {
        const { rows } = await db.pool.query(
          `select pg_terminate_backend(pid) from pg_stat_activity where wait_event_type = 'Lock' and query like 'update feed%'`,
        )
        return rows.length
      })
      .toBe(1)
    await expect(waiting).rejects.toThrow()
    await locker.query('rollback')
    locker.release()
    expect(await cursorOf(bench)).toEqual(cursor)
    expect(await commitToStation(db, commitAfter(bench, cursor))).toBe('committed')
  })

  it('never with a duration where video is missing: Postgres itself refuses it', async () => {
    const cursor = await cursorOf(bench)
    const commit = commitAfter(bench, cursor, { intervals: [intervalRow(bench, cursor.run, 0, { censored: 'end' })] })
    await expect(commitToStation(db, commit)).rejects.toThrow(/interval_censored_has_no_duration/)
  })
})

describe('slots that decoding did not wait for', () => {
  async function slotIn(state: 'pending' | 'embedded' | 'dead') {
    const session = crypto.randomUUID()
    await db.prisma.session.create({ data: { id: session, cameraId: bench.camera, startedAt: date(0) } })
    const segment = await db.prisma.segment.create({
      data: {
        cameraId: bench.camera,
        sessionId: session,
        sequence: 0,
        mediaStartTicks: 0n,
        durationTicks: 4n,
        timescale: 1,
        closedAt: date(4),
        startsAt: date(0),
        endsAt: date(4),
        clockSource: 'host',
        absoluteErrorMs: 20,
        objectKey: 'o',
        bytes: 1n,
        codec: 'h264',
        width: 1,
        height: 1,
      },
    })
    const filled = state === 'embedded' && { objectKey: 'e', firstStep: 0, stepCount: 16 }
    const slot = { viewRevisionId: bench.revision, encoderId: encoder, segmentId: segment.id }
    await db.prisma.embedding.create({ data: { ...slot, state, ...filled } })
    const late = [{ view: bench.revision, encoder, segment: segment.id }]
    await commitToStation(db, commitAfter(bench, await cursorOf(bench), { late }))
    return {
      state: (await db.prisma.embedding.findFirstOrThrow({ where: { segmentId: segment.id } })).state,
      requests: await db.prisma.revisionRequest.findMany({ where: { stationId: bench.station } }),
    }
  }

  it('become late with the commit', async () => {
    expect(await slotIn('pending')).toEqual({ state: 'late', requests: [] })
  })

  it('that were embedded meanwhile stay so, and their stretch is asked to be revised', async () => {
    expect(await slotIn('embedded')).toMatchObject({
      state: 'embedded',
      requests: [{ startsAt: date(0), endsAt: date(4), reason: 'healed' }],
    })
  })

  it('that are dead stay dead', async () => {
    expect(await slotIn('dead')).toEqual({ state: 'dead', requests: [] })
  })
})

test('the feed has no hole, and whoever reads it while eight recorders commit misses nothing', async () => {
  const benches = await Promise.all(Array.from({ length: 8 }, addBench))
  const { rows: start } = await db.pool.query<{ seq: bigint }>('select last_seq as seq from feed')
  let recording = true
  const seen: bigint[] = []
  const reading = (async () => {
    let after = start[0]!.seq
    for (;;) {
      const last = !recording
      const { rows } = await db.pool.query<{ seq: bigint }>('select seq from change where seq > $1 order by seq', [
        String(after),
      ])
      for (const { seq } of rows) seen.push(seq)
      after = rows.at(-1)?.seq ?? after
      if (last) return
    }
  })()
  await Promise.all(
    benches.map(async own => {
      for (let i = 0; i < 12; i++)
        expect(await commitToStation(db, commitAfter(own, await cursorOf(own)))).toBe('committed')
    }),
  )
  recording = false
  await reading
  expect(seen).toEqual(Array.from({ length: 8 * 12 }, (_, i) => start[0]!.seq + 1n + BigInt(i)))
})

describe('a revision is committed', () => {
  const stretch = () => ({ station: bench.station, fromMs: at(0), toMs: at(60) })
  const revised = (row: IntervalRow): Publication => ({
    entity: 'interval',
    kind: 'revised',
    reason: 'healed',
    row: { ...row, endsAt: row.endsAt + 500, durationMs: 3500, revision: row.revision + 1 },
  })

  async function askedFor() {
    const request = await db.prisma.revisionRequest.create({
      data: { stationId: bench.station, startsAt: date(0), endsAt: date(4), reason: 'healed' },
    })
    return request.id
  }

  beforeEach(async () => {
    await commitToStation(db, commitAfter(bench, await cursorOf(bench)))
  })

  it('with its requests: rows are replaced, and the feed has both revisions', async () => {
    const seen = await readPublished(db.pool, stretch())
    const request = await askedFor()
    const publications = [revised(seen.intervals[0]!)]
    const revision = { ...stretch(), seen, publications, requests: [request], outcome: '1 changes' }
    expect(await commitRevision(db, revision)).toBe('committed')
    expect(await current(bench)).toMatchObject([{ endsAt: date(3.5), durationMs: 3500, revision: 2 }])
    expect(await feedOf(bench)).toMatchObject([
      { kind: 'final', revision: 1, body: { durationMs: 3000 } },
      { kind: 'revised', revision: 2, body: { durationMs: 3500 } },
    ])
    expect(await db.prisma.revisionRequest.findUnique({ where: { id: request } })).toMatchObject({
      doneAt: expect.any(Date),
      outcome: '1 changes',
    })
  })

  it('a tombstone removes the row and keeps what it was', async () => {
    const seen = await readPublished(db.pool, stretch())
    const row = { ...seen.intervals[0]!, revision: 2 }
    const publications: Publication[] = [{ entity: 'interval', kind: 'tombstone', reason: 'healed', row }]
    await commitRevision(db, { ...stretch(), seen, publications, requests: [], outcome: '' })
    expect(await current(bench)).toEqual([])
    expect((await feedOf(bench)).at(-1)).toMatchObject({ kind: 'tombstone', revision: 2, body: { step: 'pick' } })
  })

  it('not at all when something else is published there by now', async () => {
    const seen = await readPublished(db.pool, stretch())
    const request = await askedFor()
    await commitToStation(db, commitAfter(bench, await cursorOf(bench)))
    const revision = {
      ...stretch(),
      seen,
      publications: [revised(seen.intervals[0]!)],
      requests: [request],
      outcome: '',
    }
    expect(await commitRevision(db, revision)).toBe('stale')
    expect(await current(bench)).toMatchObject([{ revision: 1 }, { revision: 1 }])
    expect(await db.prisma.revisionRequest.findUnique({ where: { id: request } })).toMatchObject({ doneAt: null })
  })

  it('by one of two that revise the same', async () => {
    const seen = await readPublished(db.pool, stretch())
    const revision = { ...stretch(), seen, publications: [revised(seen.intervals[0]!)], requests: [], outcome: '' }
    const outcomes = await Promise.all([commitRevision(db, revision), commitRevision(db, revision)])
    expect(outcomes.toSorted()).toEqual(['committed', 'stale'])
    expect(await feedOf(bench)).toHaveLength(2)
  })
})

test('the runs of a range are cut at the next run and at what is complete', async () => {
  const cursor = await cursorOf(bench)
  const run = crypto.randomUUID()
  await commitToStation(
    db,
    commitAfter(bench, cursor, {
      opens: { run, release: bench.release, fromSlot: originSlot + 40 },
      next: {
        ...commitAfter(bench, cursor).next,
        run,
        decodedThrough: originSlot + 80,
        completeThrough: originSlot + 60,
      },
    }),
  )
  const within = async (from: number, to: number) =>
    (await runsWithin(db, bench.station, { startUtcMs: at(from), endUtcMs: at(to) })).map(stretch => [
      stretch.run === run ? 'second' : 'first',
      (stretch.fromMs - at(0)) / 1000,
      (stretch.toMs - at(0)) / 1000,
    ])
  expect(await within(-10, 100)).toEqual([
    ['first', 0, 10],
    ['second', 10, 15],
  ])
  expect(await within(2, 10)).toEqual([['first', 0, 10]])
  expect(await within(10, 11)).toEqual([['second', 10, 15]])
  expect(await within(15, 20)).toEqual([])
  expect(await within(-10, 0)).toEqual([])
})
