import { recordDiscovered, recordDiscoveryFailed } from '@takt/db/discoveries'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { at, instant, type Plant, seedPlant } from './plant.ts'
import { startApi, type TestApi } from './start-api.ts'

let api: TestApi
let plant: Plant
/** A station whose work nobody has described. */
let bare: { readonly id: string }
beforeAll(async () => {
  api = await startApi({ now: () => at(3600) })
  plant = await seedPlant(api.db)
  bare = await api.db.prisma.station.create({ data: { name: 'new bench' } })
})
afterAll(() => api?.[Symbol.asyncDispose]())
beforeEach(() => {
  api.jobs.length = 0
})

const ask = (body: object, key?: string) => api.call('/v1/discoveries', { method: 'POST', body, ...(key && { key }) })
const name = (id: string, body: object, key?: string) =>
  api.call(`/v1/discoveries/${id}/names`, { method: 'POST', body, ...(key && { key }) })

/** Seven cycles of 10 s in three steps; the last is cut, the fifth lacks the second step, the sixth is doubtful. */
const work = {
  found: true,
  periodSeconds: 10,
  startBecause: 'pauses',
  stepCount: 3,
  evidence: { foretold: 0.6, foretoldByShorter: 0.3, foretoldByChance: 0.2 },
  cycles: Array.from({ length: 7 }, (_, index) => ({
    startSeconds: 10 * index,
    endSeconds: 10 * index + 10,
    whole: index < 6,
    certainty: index === 5 ? 0.3 : 1,
    steps: [1, 2, 3]
      .filter(step => index !== 4 || step !== 2)
      .map(step => ({ step, startSeconds: 10 * index + 3 * step - 3, endSeconds: 10 * index + 3 * step })),
  })),
} as const

const discovered = async (station: string): Promise<string> => {
  const { id } = (await ask({ stationId: station, from: instant(0), to: instant(120) })).json()
  await recordDiscovered(api.db, id, work)
  return id
}

describe('asking for a discovery', () => {
  test('takes the last half hour under the encoder that times the station, and adds one job', async () => {
    const answer = await ask({ stationId: plant.station.id })
    expect(answer.statusCode).toBe(202)
    const discovery = answer.json()
    expect(discovery).toMatchObject({
      state: 'queued',
      stationId: plant.station.id,
      encoderId: plant.encoder.id,
      from: instant(1800),
      to: instant(3600),
      found: null,
      cycles: [],
      steps: [],
    })
    expect(api.jobs).toEqual([{ kind: 'discover', args: { discoveryId: discovery.id } }])
    expect(await api.get(answer.headers.location as string)).toEqual(discovery)
    const { items } = await api.get(`/v1/discoveries?station=${plant.station.id}`)
    expect(items).toEqual([discovery])
  })

  test.each([
    [{}, 400],
    [{ stationId: '../../etc/passwd' }, 400],
    [{ stationId: '00000000-0000-4000-8000-000000000000' }, 422],
    [{ stationId: 'plant', from: instant(10), to: instant(5) }, 400],
    [{ stationId: 'plant', from: instant(0), to: instant(3601) }, 400],
    [{ stationId: 'plant', from: 'yesterday' }, 400],
    [{ stationId: 'plant', encoderId: '00000000-0000-4000-8000-000000000000' }, 422],
    [{ stationId: 'plant', weights: [] }, 400],
  ])('by %j is refused', async (body, status) => {
    const named = 'stationId' in body && body.stationId === 'plant' ? { ...body, stationId: plant.station.id } : body
    expect((await ask(named)).statusCode).toBe(status)
    expect(api.jobs).toEqual([])
  })

  test('needs a key that may operate', async () => {
    const { key } = await api.get('/v1/api-keys', { method: 'POST', body: { name: 'floor', scopes: ['label'] } })
    expect((await ask({ stationId: plant.station.id }, key)).statusCode).toBe(403)
    expect((await api.call('/v1/discoveries', { key })).statusCode).toBe(200)
  })
})

test('what was found is shown in instants, each step with five clips of whole cycles', async () => {
  const id = await discovered(plant.station.id)
  const shown = await api.get(`/v1/discoveries/${id}`)
  expect(shown).toMatchObject({ state: 'done', found: true, periodSeconds: 10, evidence: work.evidence })
  expect(shown.cycles[1]).toMatchObject({ startTime: instant(10), endTime: instant(20), whole: true })
  expect(shown.steps.map((step: { step: number; cycles: number }) => [step.step, step.cycles])).toEqual([
    [1, 6],
    [2, 5],
    [3, 6],
  ])
  for (const { examples } of shown.steps) expect(examples).toHaveLength(5)
  const { video } = shown.steps[0].examples[0]
  // No video was stored in this plant: the link leads to where it would be.
  expect((await api.call(video)).json()).toMatchObject({ code: 'video-missing' })
})

test('that nothing repeats is an answer, and a failure says why', async () => {
  const { id } = (await ask({ stationId: plant.station.id })).json()
  await recordDiscovered(api.db, id, { found: false, reason: 'nothing-repeats', evidence: { foretold: 0.1 } })
  await recordDiscoveryFailed(api.db, id, 'too late')
  expect(await api.get(`/v1/discoveries/${id}`)).toMatchObject({
    state: 'done',
    found: false,
    reason: 'nothing-repeats',
    evidence: { foretold: 0.1 },
    error: null,
  })
  expect((await name(id, { names: [{ step: 1, name: 'pick' }] })).json()).toMatchObject({
    status: 409,
    code: 'discovery-unnameable',
  })
})

describe('naming', () => {
  test('gives a station without a process one, and labels of its whole, sure cycles; twice is once', async () => {
    const id = await discovered(bare.id)
    const names = {
      names: [
        { step: 1, name: 'take' },
        { step: 2, name: 'take' },
        { step: 3, name: 'place' },
      ],
    }
    const first = (await name(id, names)).json()
    expect(first).toMatchObject({ processAdded: true, labels: 10 })
    expect(first.rangeIds).toHaveLength(5)
    expect((await name(id, names)).json()).toEqual({ ...first, processAdded: false })
    const { items } = await api.get('/v1/labels?source=new%20bench')
    expect(items).toHaveLength(5)
    expect(items[1]).toMatchObject({ start: instant(10), end: instant(20) })
    expect(items[1].labels).toMatchObject([
      { step: 'take', start: instant(10), end: instant(16) },
      { step: 'place', start: instant(16), end: instant(19) },
    ])
    const process = await api.get(`/v1/processes/${first.processId}`)
    expect(process.versions[0].tasks).toMatchObject([
      { name: 'take', opensCycle: true, optional: false },
      { name: 'place', opensCycle: false, optional: false },
    ])
    const head = await api.call('/v1/heads', { method: 'POST', body: { stationId: bare.id } })
    expect(head.statusCode).toBe(202)
  })

  test('of a station with a process uses its names, and no others', async () => {
    const id = await discovered(plant.station.id)
    const refused = await name(id, { names: [{ step: 1, name: 'weld' }] })
    expect(refused.json()).toMatchObject({ status: 422, code: 'steps-unknown', details: { unknown: ['weld'] } })
    expect((await name(id, { names: [{ step: 2, name: 'pick' }] })).json()).toMatchObject({
      processId: plant.process.id,
      processAdded: false,
      labels: 4,
    })
    // Other names for the same time are refused until the first ones are gone.
    expect((await name(id, { names: [{ step: 2, name: 'screw' }] })).json()).toMatchObject({
      code: 'label-range-overlaps',
    })
  })

  test.each([
    [{}],
    [{ names: [] }],
    [{ names: [{ step: 0, name: 'pick' }] }],
    [{ names: [{ step: 4, name: 'pick' }] }],
    [{ names: [{ step: 1.5, name: 'pick' }] }],
    [{ names: [{ step: 1, name: '' }] }],
    [{ names: [{ step: 1, name: 'a\u0000' }] }],
    [
      {
        names: [
          { step: 1, name: 'pick' },
          { step: 1, name: 'screw' },
        ],
      },
    ],
  ])('%j is refused', async body => {
    expect((await name(await discovered(plant.station.id), body)).statusCode).toBe(400)
  })

  test('needs a key that may label, and a discovery that is done', async () => {
    const { key } = await api.get('/v1/api-keys', { method: 'POST', body: { name: 'reader', scopes: ['read'] } })
    const { id } = (await ask({ stationId: plant.station.id })).json()
    const body = { names: [{ step: 1, name: 'pick' }] }
    expect((await name(id, body, key)).statusCode).toBe(403)
    expect((await name(id, body)).json()).toMatchObject({ code: 'discovery-unnameable' })
    expect((await name('00000000-0000-4000-8000-000000000000', body)).statusCode).toBe(404)
  })
})
