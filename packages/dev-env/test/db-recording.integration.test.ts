import { commitToStation, correctInterval, type Database, readPublished, runsWithin } from '@takt/db'
import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest'
import { addEncoder, at, date, originSlot, startDatabase } from './database.ts'
import {
  addBench,
  type Bench,
  commitAfter,
  current,
  cursorOf,
  cycleRow,
  feedOf,
  intervalRow,
} from './recording-bench.ts'

const stack = new AsyncDisposableStack()
let db: Database
let encoder: string
beforeAll(async () => {
  db = stack.use(await startDatabase()).db
  encoder = (await addEncoder(db, 'serving')).id
})
afterAll(() => stack.disposeAsync())

let bench: Bench
beforeEach(async () => {
  bench = await addBench(db, encoder)
})

test('the motions of an interval are published with what they leave, and gone where a revision has none', async () => {
  const cursor = await cursorOf(db, bench)
  const motion = { step: 'reach', startMs: 100, endMs: 811, startSdMs: 60, endSdMs: 50, confidence: 0.75 }
  const rows = [[motion], [], undefined].map((motions, ordinal) => intervalRow(bench, cursor.run, ordinal, { motions }))
  await commitToStation(db, commitAfter(bench, cursor, { intervals: rows }))
  expect((await feedOf(db, bench)).map(({ body: { motions, restMs } }) => [motions, restMs])).toEqual([
    [[{ ...motion, durationMs: 711 }], 2289],
    [[], 3000],
    [null, null],
  ])
  const { intervals } = await readPublished(db.pool, { station: bench.station, fromMs: at(0), toMs: at(12) })
  expect(intervals.map(({ motions }) => motions)).toEqual([[motion], [], null])
  const next = { startsAt: at(0), endsAt: at(2), stepId: bench.step }
  const correction = { interval: rows[0]!.id, next, author: 'line lead', reason: 'seen on the video' }
  expect(await correctInterval(db, correction, 1)).toMatchObject({ outcome: 'corrected' })
  expect((await feedOf(db, bench)).at(-1)!.body).toMatchObject({ author: 'person', motions: null, restMs: null })
})

describe('a batch is committed', () => {
  it('whole: cursor, rows, documents, feed and provisionals', async () => {
    const cursor = await cursorOf(db, bench)
    const cycles = [cycleRow(bench, cursor.run, 0)]
    const commit = commitAfter(bench, cursor, { cycles, provisionals: [{ step: 'pick' }] })
    expect(await commitToStation(db, commit)).toBe('committed')
    expect(await cursorOf(db, bench)).toMatchObject({
      run: cursor.run,
      decodedThrough: originSlot + 16,
      nextOrdinal: 1,
      checkpoint: new Uint8Array([1, 2, 3]),
      completeThrough: originSlot + 16,
    })
    expect(await current(db, bench)).toMatchObject([{ ordinal: 0, startsAt: date(0), durationMs: 3000, revision: 1 }])
    expect(await feedOf(db, bench)).toMatchObject([
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
    const commit = commitAfter(bench, await cursorOf(db, bench))
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => commitToStation(db, commit)))
    expect(outcomes.filter(outcome => outcome === 'committed')).toHaveLength(1)
    expect(outcomes.filter(outcome => outcome === 'stale')).toHaveLength(7)
    expect(await current(db, bench)).toHaveLength(1)
    expect(await feedOf(db, bench)).toHaveLength(1)
  })

  it('not at all when the cursor has moved on', async () => {
    const cursor = await cursorOf(db, bench)
    await commitToStation(db, commitAfter(bench, cursor))
    const zombie = commitAfter(bench, cursor, { intervals: [intervalRow(bench, cursor.run, 7)] })
    expect(await commitToStation(db, zombie)).toBe('stale')
    expect(await current(db, bench)).toMatchObject([{ ordinal: 0 }])
  })

  it('not at all when another run has taken over, and a run that lost leaves no trace', async () => {
    const cursor = await cursorOf(db, bench)
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
    expect(await cursorOf(db, bench)).toMatchObject({ run: first, runFromSlot: originSlot + 8 })
  })

  it('not at all when any part of it fails, and can then be committed', async () => {
    const cursor = await cursorOf(db, bench)
    const broken = commitAfter(bench, cursor, {
      intervals: [intervalRow(bench, cursor.run, 0, { stepId: crypto.randomUUID() })],
    })
    await expect(commitToStation(db, broken)).rejects.toMatchObject({ code: 'timing-unknown' })
    expect(await cursorOf(db, bench)).toEqual(cursor)
    expect(await current(db, bench)).toEqual([])
    expect(await commitToStation(db, commitAfter(bench, cursor))).toBe('committed')
  })

  it('not at all when its connection dies in the middle, and the process lives on', async () => {
    const cursor = await cursorOf(db, bench)
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
    expect(await cursorOf(db, bench)).toEqual(cursor)
    expect(await commitToStation(db, commitAfter(bench, cursor))).toBe('committed')
  })

  it('never with a duration where video is missing: Postgres itself refuses it', async () => {
    const cursor = await cursorOf(db, bench)
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
    await commitToStation(db, commitAfter(bench, await cursorOf(db, bench), { late }))
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
  const benches = await Promise.all(Array.from({ length: 8 }, () => addBench(db, encoder)))
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
        expect(await commitToStation(db, commitAfter(own, await cursorOf(db, own)))).toBe('committed')
    }),
  )
  recording = false
  await reading
  expect(seen).toEqual(Array.from({ length: 8 * 12 }, (_, i) => start[0]!.seq + 1n + BigInt(i)))
})

test('the runs of a range are cut at the next run and at what is complete', async () => {
  const cursor = await cursorOf(db, bench)
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
