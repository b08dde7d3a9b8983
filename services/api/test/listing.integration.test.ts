import { listTimings, longestIntervalMs } from '@takt/db/listing'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Plant, seedPlant } from './plant.ts'
import { startApi, type TestApi } from './start-api.ts'

interface Row {
  readonly id: string
  readonly startMs: number
  readonly endMs: number
}

let api: TestApi
let plant: Plant
let rows: Row[]

/** Five hours of intervals of every length up to the longest, many with the same start, over the turn of a month. */
beforeAll(async () => {
  api = await startApi()
  plant = await seedPlant(api.db)
  const turn = Date.UTC(2026, 11, 1)
  const random = fc.sample(fc.tuple(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: longestIntervalMs })), {
    numRuns: 400,
    seed: 7,
  })
  rows = random.map(([minute, lengthMs]) => {
    const startMs = turn - 150 * 60_000 + minute * 60_000
    return { id: crypto.randomUUID(), startMs, endMs: startMs + lengthMs }
  })
  await api.db.prisma.intervalCurrent.createMany({
    data: rows.map(({ id, startMs, endMs }, ordinal) => ({
      id,
      // Revisions may have moved the start since it first was final.
      anchorAt: new Date(startMs + (ordinal % 3) * 600_000),
      stationId: plant.station.id,
      runId: plant.run.id,
      ordinal,
      releaseId: plant.release.id,
      stepId: plant.pick.id,
      startsAt: new Date(startMs),
      endsAt: new Date(endMs),
      durationMs: endMs - startMs,
      startSdMs: 1,
      endSdMs: 1,
      absoluteErrorMs: 1,
      confidence: 1,
    })),
  })
})
afterAll(() => api?.[Symbol.asyncDispose]())

const minute = fc.integer({ min: -200, max: 260 }).map(m => Date.UTC(2026, 11, 1) + m * 60_000 + (m % 7))

test('a window lists exactly what overlaps it, page by page of any size, in the order of start and id', async () => {
  const question = fc.record({
    from: fc.option(minute),
    to: fc.option(minute),
    limit: fc.integer({ min: 7, max: 500 }),
  })
  await fc.assert(
    fc.asyncProperty(question, async ({ from, to, limit }) => {
      const window = { from: from === null ? undefined : new Date(from), to: to === null ? undefined : new Date(to) }
      const expected = rows
        .filter(row => (from === null || row.endMs > from) && (to === null || row.startMs < to))
        .sort((a, b) => a.startMs - b.startMs || (a.id < b.id ? -1 : 1))
        .map(row => row.id)
      const seen: string[] = []
      let after: { startsAt: Date; id: string } | undefined
      for (;;) {
        const page = await listTimings(api.db, { station: plant.station.id, ...window, after, limit })
        seen.push(...page.map(timing => timing.id))
        const last = page.at(-1)
        if (!last || page.length < limit) break
        after = { startsAt: new Date(last.startTime), id: last.id }
      }
      expect(seen).toEqual(expected)
    }),
    { numRuns: 60 },
  )
})
