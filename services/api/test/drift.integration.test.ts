import { recordDrift } from '@takt/db'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { at, instant, type Plant, seedPlant } from './plant.ts'
import { startApi, type TestApi } from './start-api.ts'

const minutes = 12
let api: TestApi
let plant: Plant
let calm: Plant
beforeAll(async () => {
  api = await startApi({ now: () => at(60 * minutes) })
  plant = await seedPlant(api.db)
  calm = await seedPlant(api.db, 'calm')
  for (let n = 0; n < minutes; n++) await measured(n, n === 0 ? null : 'camera')
})
afterAll(() => api?.[Symbol.asyncDispose]())

const measured = (minute: number, kind: string | null) =>
  recordDrift(api.db, {
    ...{ view: plant.view.id, release: plant.release.id, viewRevision: plant.viewRevision.id },
    ...{ startMs: at(60 * minute).getTime(), endMs: at(60 * minute + 60).getTime() },
    ...{ score: kind ? 6.125 : 1, kind },
    evidence: {
      places: Array.from({ length: 16 }, (_, place) => place / 3),
      background: {
        ...{ light: 1, camera: kind ? 8 : 0.5, objects: [null, ...Array(15).fill(1.5)] },
        picture: { gain: 0.9, motion: [0.05, 0, 0, -0.03, 0, 0] },
      },
    },
  })

const url = (query = '') => `/v1/stations/${plant.station.id}/drift${query}`

test('a view shows how it stands, what is due, and its series with where and why', async () => {
  const drift = await api.get(url())
  expect(drift).toMatchObject({ stationId: plant.station.id, threshold: 3, to: instant(60 * minutes) })
  expect(drift.views).toEqual([
    {
      viewId: plant.view.id,
      view: 'front',
      kind: 'camera',
      since: instant(120),
      due: 'revise-view',
      series: expect.any(Array),
    },
  ])
  const { series } = drift.views[0]
  expect(series).toHaveLength(minutes)
  expect(series[0]).toMatchObject({ startTime: instant(0), score: 1, kind: null })
  expect(series.at(-1)).toEqual({
    ...{ startTime: instant(60 * (minutes - 1)), endTime: instant(60 * minutes), score: 6.13, kind: 'camera' },
    ...{ releaseId: plant.release.id, viewRevisionId: plant.viewRevision.id },
    places: expect.arrayContaining([0.33, 5]),
    pixels: {
      ...{ light: 1, camera: 8, objects: [null, ...Array(15).fill(1.5)], gain: 0.9 },
      motion: [0.05, 0, 0, -0.03, 0, 0],
    },
  })
})

test('a window shows its part of the series; the standing is that at its end', async () => {
  const drift = await api.get(url(`?from=${instant(60)}&to=${instant(180)}`))
  expect(drift.views[0].series.map((point: { startTime: string }) => point.startTime)).toEqual([
    instant(60),
    instant(120),
  ])
  expect(drift.views[0]).toMatchObject({ kind: 'camera', since: instant(60), due: null })
})

test('a station that was never measured has views without a series', async () => {
  const { views } = await api.get(`/v1/stations/${calm.station.id}/drift`)
  expect(views).toEqual([{ viewId: calm.view.id, view: 'front', kind: null, since: null, due: null, series: [] }])
})

test('a window that is measured already stays as it is', async () => {
  expect(await measured(3, null)).toBe(false)
  expect((await api.get(url())).views[0].series[3]).toMatchObject({ kind: 'camera' })
})

test('Prometheus sees the newest score of each view, and its causes', async () => {
  const { body } = await api.call('/metrics')
  const labels = `station="bench",view="front"`
  expect(body).toContain(`takt_view_drift_ratio{${labels},service="api"} 6.125`)
  expect(body).toContain(`takt_view_drift_cause_ratio{${labels},cause="camera",service="api"} 8`)
  expect(body).toContain(`takt_view_drift_cause_ratio{${labels},cause="object",service="api"} 1.5`)
  expect(body).not.toMatch(/view_drift_ratio\{station="calm"/)
})

test.each([
  ['an instant without a zone', '?from=2026-11-24T08:00:00', 400],
  ['no instant', '?to=yesterday', 400],
  ['an instant beyond all', '?to=%2B275760-09-13T00:00:00Z', 400],
  ['a NUL', '?from=%00', 400],
  ['an end before the start', `?from=${instant(60)}&to=${instant(0)}`, 400],
  ['a window of a year', '?from=2025-11-24T08:00:00Z&to=2026-11-24T08:00:00Z', 400],
  ['a start an age before now', '?from=1970-01-01T00:00:00Z', 400],
  ['a parameter twice', `?to=${instant(0)}&to=${instant(60)}`, 400],
  ['a parameter that it does not know', '?station=1', 400],
])('%s is refused', async (_, query, status) => {
  const answer = await api.call(url(query))
  expect(answer.statusCode).toBe(status)
  expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/)
})

test.each([
  ['/v1/stations/00000000-0000-4000-8000-000000000000/drift', 404],
  ["/v1/stations/';drop table view_drift;--/drift", 400],
  ['/v1/stations/%00/drift', 400],
])('%s answers %i', async (path, status) => {
  expect((await api.call(path)).statusCode).toBe(status)
})

test('without a key nothing is told', async () => {
  expect((await api.call(url(), { key: null })).statusCode).toBe(401)
})
