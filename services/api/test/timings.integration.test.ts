import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { at, instant, type Plant, publish, seedIntervals, seedPlant, seedSegments } from './plant.ts'
import { startApi, type TestApi } from './start-api.ts'

let api: TestApi
let plant: Plant
let ids: string[]
let cycleId: string
let now = at(60)

beforeAll(async () => {
  api = await startApi({ now: () => now })
  plant = await seedPlant(api.db)
  await seedSegments(api.db, plant, [
    'embedded',
    'embedded',
    'lost',
    'embedded',
    'late',
    'embedded',
    'embedded',
    'embedded',
    'pending',
  ])
  const cycle = await api.db.prisma.cycleCurrent.create({
    data: {
      anchorAt: at(0),
      stationId: plant.station.id,
      runId: plant.run.id,
      ordinal: 0,
      releaseId: plant.release.id,
      startsAt: at(0),
      endsAt: at(14),
      durationMs: null,
      censored: 'end',
      missing: ['check'],
      repeated: [],
      jobOrderId: 'JO-1',
    },
  })
  cycleId = cycle.id
  ids = await seedIntervals(api.db, plant, [
    { ordinal: 0, step: 'pick', startSeconds: 0, endSeconds: 3.25, cycleId },
    { ordinal: 1, step: 'screw', startSeconds: 3.25, endSeconds: 8, censored: 'end', cycleId },
    {
      ordinal: 2,
      step: 'pick',
      startSeconds: 14,
      endSeconds: 17,
      motions: [
        { step: 'reach', startMs: 0, endMs: 811, startSdMs: 60, endSdMs: 50, confidence: 0.75 },
        { step: 'grasp', startMs: 1007, endMs: 2006, startSdMs: 50, endSdMs: 50, confidence: 1 },
      ],
    },
    { ordinal: 3, step: 'screw', startSeconds: 17, endSeconds: 21.5 },
    { ordinal: 4, step: 'pick', startSeconds: 21.5, endSeconds: 24 },
  ])
})
afterAll(() => api?.[Symbol.asyncDispose]())

const listed = async (query: string): Promise<string[]> =>
  (await api.get(`/v1/timings?${query}`)).items.map((timing: { id: string }) => timing.id)

describe('the listing', () => {
  test('a timing carries its release, encoder and head, its revision, its ± and its confidence', async () => {
    const { items } = await api.get(`/v1/timings?station=${plant.station.id}&limit=1`)
    expect(items[0]).toEqual({
      id: ids[0],
      revision: 1,
      stationId: plant.station.id,
      station: 'bench',
      stepId: plant.pick.id,
      step: 'pick',
      stepExternalId: 'P1',
      level: 'task',
      parentStep: null,
      evidence: 'clear',
      motions: null,
      restMs: null,
      cycleId,
      startTime: instant(0),
      endTime: instant(3.25),
      durationMs: 3250,
      durationSdMs: 90,
      durationSource: 'media',
      startSdMs: 60,
      endSdMs: 70,
      absoluteErrorMs: 145,
      confidence: 0.875,
      censored: 'none',
      author: 'machine',
      releaseId: plant.release.id,
      encoderId: plant.encoder.id,
      headId: plant.head.id,
      processVersionId: plant.version.id,
      runId: plant.run.id,
      ordinal: 0,
    })
  })

  test('a task says what motions it is made of, which with the rest add up to it', async () => {
    const { durationMs, motions, restMs } = await api.get(`/v1/timings/${ids[2]}`)
    expect(motions).toEqual([
      { step: 'reach', startMs: 0, endMs: 811, durationMs: 811, startSdMs: 60, endSdMs: 50, confidence: 0.75 },
      { step: 'grasp', startMs: 1007, endMs: 2006, durationMs: 999, startSdMs: 50, endSdMs: 50, confidence: 1 },
    ])
    expect([durationMs, restMs]).toEqual([3000, 3000 - 811 - 999])
  })

  test('a censored timing is listed, says so, and has no duration', async () => {
    const { items } = await api.get(`/v1/timings?station=${plant.station.id}`)
    expect(items[1]).toMatchObject({ censored: 'end', durationMs: null, durationSource: null })
  })

  test.each([
    ['all of them', '', [0, 1, 2, 3, 4]],
    ['those of a step', '&step=pick', [0, 2, 4]],
    ['those that overlap a window, whole or in part', `&from=${instant(7)}&to=${instant(17)}`, [1, 2]],
    ['those that overlap from an instant on', `&from=${instant(17)}`, [3, 4]],
    ['those up to an instant', `&to=${instant(3.25)}`, [0]],
    ['none of a step that is unknown', '&step=dance', []],
  ] as const)('filters: %s', async (_, query, ordinals) => {
    expect(await listed(`station=${plant.station.id}${query}`)).toEqual(ordinals.map(i => ids[i]))
  })

  test('without a station a window bounds it', async () => {
    expect(await listed(`from=${instant(-60)}&to=${instant(60)}`)).toEqual(ids)
  })

  test('of another station there are none', async () => {
    expect(await listed(`station=${plant.camera.id}`)).toEqual([])
  })

  test('pages follow each other without a hole or a double, whatever their size', async () => {
    for (const limit of [1, 2, 3, 5]) {
      const seen: string[] = []
      let cursor: string | null = ''
      while (cursor !== null) {
        const page: { items: { id: string }[]; next: string | null } = await api.get(
          `/v1/timings?station=${plant.station.id}&limit=${limit}${cursor && `&cursor=${cursor}`}`,
        )
        seen.push(...page.items.map(({ id }) => id))
        cursor = page.next
      }
      expect(seen).toEqual(ids)
    }
  })

  test('as CSV it has a heading, one line each, and a link to the next page', async () => {
    const answer = await api.call(`/v1/timings?station=${plant.station.id}&limit=2`, {
      headers: { accept: 'text/csv' },
    })
    expect(answer.headers['content-type']).toBe('text/csv; charset=utf-8')
    const [heading, first, second, ...rest] = answer.body.trimEnd().split('\n')
    expect(heading).toMatch(/^id,revision,stationId,station,step,.*startTime,endTime,durationMs/)
    expect(first).toContain(`,${instant(0)},${instant(3.25)},3250,90,`)
    expect(second).toContain(`,${instant(8)},,90`.replace(',90', ','))
    expect(rest).toEqual([])
    const next = /^<(.+)>; rel="next"$/.exec(String(answer.headers.link))![1]!
    expect(await api.get(next)).toMatchObject({ items: [{ id: ids[2] }, { id: ids[3] }] })
  })

  test('a type that nobody offers is refused', async () => {
    const answer = await api.call(`/v1/timings?station=${plant.station.id}`, { headers: { accept: 'application/xml' } })
    expect(answer.json()).toMatchObject({ status: 406, code: 'not-acceptable' })
  })
})

describe('one timing', () => {
  test('it is found by its id, with its revisions', async () => {
    expect(await api.get(`/v1/timings/${ids[2]}`)).toMatchObject({ id: ids[2], step: 'pick' })
    expect(await api.get(`/v1/timings/${ids[2]}/revisions`)).toMatchObject({ items: [{ revision: 1, kind: 'final' }] })
  })

  test('once removed it is gone, says why, and keeps its revisions', async () => {
    const [id] = await seedIntervals(api.db, plant, [{ ordinal: 90, startSeconds: 900, endSeconds: 901 }])
    await api.db.prisma.intervalCurrent.deleteMany({ where: { id: id! } })
    await publish(api.db, {
      entity: 'interval',
      id: id!,
      anchorAt: at(900),
      station: plant.station.id,
      revision: 2,
      kind: 'tombstone',
      reason: 'healed-gap',
      body: { id },
    })
    const answer = await api.call(`/v1/timings/${id}`)
    expect(answer.json()).toMatchObject({ status: 410, code: 'removed', detail: expect.stringContaining('healed-gap') })
    const { items } = await api.get(`/v1/timings/${id}/revisions`)
    expect(items.map((revision: { kind: string }) => revision.kind)).toEqual(['final', 'tombstone'])
  })

  test('its provenance names release, encoder, head, process version, run, views, segments and coverage', async () => {
    const provenance = await api.get(`/v1/timings/${ids[1]}/provenance`)
    expect(provenance).toMatchObject({
      timing: { id: ids[1] },
      release: { id: plant.release.id, encoderMethod: 'untrained' },
      encoder: {
        id: plant.encoder.id,
        method: 'untrained',
        trained: false,
        about: expect.stringMatching(/^Untrained/),
      },
      head: { id: plant.head.id, scores: { accuracy: 0.9 } },
      processVersion: { id: plant.version.id, process: 'assembly bench', version: 1 },
      run: { id: plant.run.id, ordinal: 1 },
    })
    const [view] = provenance.views
    expect(view).toMatchObject({
      view: 'front',
      cameraId: plant.camera.id,
      coverage: { observedMs: 4750, unaccountedMs: 0 },
    })
    expect(
      view.segments.map((segment: { sequence: number; clockSource: string }) => [
        segment.sequence,
        segment.clockSource,
      ]),
    ).toEqual([
      [0, 'sender-report'],
      [1, 'sender-report'],
    ])
  })
})

describe('cycles', () => {
  test('they are listed with what they lack, and one comes with its intervals', async () => {
    const { items } = await api.get(`/v1/cycles?station=${plant.station.id}`)
    expect(items).toMatchObject([
      { id: cycleId, censored: 'end', durationMs: null, missing: ['check'], repeated: [], jobOrderId: 'JO-1' },
    ])
    const cycle = await api.get(`/v1/cycles/${cycleId}`)
    expect(cycle.timings.map((timing: { id: string }) => timing.id)).toEqual([ids[0], ids[1]])
    const workMs = cycle.tasks.map((task: { workMs: number }) => task.workMs)
    const seen = cycle.timings.map((timing: { durationMs: number | null; startTime: string; endTime: string }) => {
      return timing.durationMs ?? Date.parse(timing.endTime) - Date.parse(timing.startTime)
    })
    expect(workMs).toEqual(seen)
  })

  test('as CSV too', async () => {
    const answer = await api.call(`/v1/cycles?station=${plant.station.id}`, { headers: { accept: 'text/csv' } })
    expect(answer.body.split('\n')[1]).toContain(`,end,check,,false,JO-1,`)
  })
})

describe('coverage', () => {
  test('every second of a window is accounted for: observed, late, or lost and why', async () => {
    const coverage = await api.get(`/v1/cameras/${plant.camera.id}/coverage?from=${instant(0)}&to=${instant(36)}`)
    expect(coverage.summary).toEqual({
      observedMs: 32_000,
      lateMs: 0,
      lostMs: { disconnected: 4000 },
      unaccountedMs: 0,
      outsideMs: 0,
    })
    expect(coverage.links).toHaveLength(9)
    expect(coverage.links[2]).toMatchObject({ state: 'lost', reason: 'disconnected', segmentId: null })
  })

  test('a window after the end of the chain is late once it is due, and outside before', async () => {
    const windowFrom = (seconds: number) =>
      `/v1/cameras/${plant.camera.id}/coverage?from=${instant(seconds)}&to=${instant(40)}`
    expect((await api.get(windowFrom(36))).summary).toMatchObject({ observedMs: 0, lateMs: 0, outsideMs: 4000 })
    now = at(98)
    expect((await api.get(windowFrom(36))).summary).toMatchObject({ observedMs: 0, lateMs: 2000, outsideMs: 2000 })
    now = at(60)
  })

  test.each([
    ['ends before it starts', instant(10), instant(0)],
    ['is longer than 25 hours', instant(0), instant(26 * 3600)],
  ])('a window that %s is refused', async (_, from, to) => {
    const answer = await api.call(`/v1/cameras/${plant.camera.id}/coverage?from=${from}&to=${to}`)
    expect(answer.json()).toMatchObject({ status: 400, code: 'window-refused' })
  })
})

describe('the status of a station', () => {
  test('it says how far the station is, what it waits for, and what it has passed unseen', async () => {
    await api.db.prisma.runCursor.create({
      data: {
        stationId: plant.station.id,
        runId: plant.run.id,
        decodedThrough: BigInt(at(28).getTime() / 250),
        completeThrough: BigInt(at(24).getTime() / 250),
        nextOrdinal: 5,
        checkpoint: new Uint8Array(),
      },
    })
    expect(await api.get(`/v1/stations/${plant.station.id}/status`)).toMatchObject({
      completeThrough: instant(24),
      decodedThrough: instant(28),
      watermark: instant(32),
      lagMs: 36_000,
      releaseInForce: { id: plant.release.id },
      views: [{ viewId: plant.view.id, settledUntil: instant(32), waitsFor: 'pending' }],
      openGaps: [{ view: 'front', state: 'late', startTime: instant(16), endTime: instant(20) }],
      openRevisions: 0,
    })
  })

  test('a station without anything says so', async () => {
    const { id } = await api.get('/v1/stations', { method: 'POST', body: { name: 'empty' } })
    expect(await api.get(`/v1/stations/${id}/status`)).toMatchObject({
      completeThrough: null,
      watermark: null,
      releaseInForce: null,
      openGaps: [],
    })
  })

  test('its provisional intervals are the newest guess', async () => {
    expect(await api.get(`/v1/stations/${plant.station.id}/provisional`)).toMatchObject({ items: [], updatedAt: null })
    const guess = {
      stepId: plant.screw.id,
      step: 'screw',
      startTime: instant(24),
      endTime: instant(27),
      durationMs: 3000,
      startSdMs: 60,
      endSdMs: 300,
      confidence: 0.6,
      censored: 'none',
    }
    await api.db.prisma.provisional.create({
      data: { stationId: plant.station.id, runId: plant.run.id, intervals: [guess] },
    })
    expect(await api.get(`/v1/stations/${plant.station.id}/provisional`)).toMatchObject({
      runId: plant.run.id,
      items: [guess],
    })
  })
})
