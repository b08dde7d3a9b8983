import {
  commitRevision,
  commitToStation,
  type Database,
  type IntervalRow,
  type Publication,
  readPublished,
} from '@takt/db'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { addEncoder, at, date, startDatabase } from './database.ts'
import { addBench, type Bench, commitAfter, current, cursorOf, feedOf } from './recording-bench.ts'

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
    await commitToStation(db, commitAfter(bench, await cursorOf(db, bench)))
  })

  it('with its requests: rows are replaced, and the feed has both revisions', async () => {
    const seen = await readPublished(db.pool, stretch())
    const request = await askedFor()
    const publications = [revised(seen.intervals[0]!)]
    const revision = { ...stretch(), seen, publications, requests: [request], outcome: '1 changes' }
    expect(await commitRevision(db, revision)).toBe('committed')
    expect(await current(db, bench)).toMatchObject([{ endsAt: date(3.5), durationMs: 3500, revision: 2 }])
    expect(await feedOf(db, bench)).toMatchObject([
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
    expect(await current(db, bench)).toEqual([])
    expect((await feedOf(db, bench)).at(-1)).toMatchObject({ kind: 'tombstone', revision: 2, body: { step: 'pick' } })
  })

  it('not at all when something else is published there by now', async () => {
    const seen = await readPublished(db.pool, stretch())
    const request = await askedFor()
    await commitToStation(db, commitAfter(bench, await cursorOf(db, bench)))
    const revision = {
      ...stretch(),
      seen,
      publications: [revised(seen.intervals[0]!)],
      requests: [request],
      outcome: '',
    }
    expect(await commitRevision(db, revision)).toBe('stale')
    expect(await current(db, bench)).toMatchObject([{ revision: 1 }, { revision: 1 }])
    expect(await db.prisma.revisionRequest.findUnique({ where: { id: request } })).toMatchObject({ doneAt: null })
  })

  it('by one of two that revise the same', async () => {
    const seen = await readPublished(db.pool, stretch())
    const revision = { ...stretch(), seen, publications: [revised(seen.intervals[0]!)], requests: [], outcome: '' }
    const outcomes = await Promise.all([commitRevision(db, revision), commitRevision(db, revision)])
    expect(outcomes.toSorted()).toEqual(['committed', 'stale'])
    expect(await feedOf(db, bench)).toHaveLength(2)
  })
})
