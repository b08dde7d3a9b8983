import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { instant, type Plant, seedPlant } from './plant.ts'
import { startApi, type TestApi } from './start-api.ts'

let api: TestApi
let plant: Plant
beforeAll(async () => {
  api = await startApi()
  plant = await seedPlant(api.db)
})
afterAll(() => api?.[Symbol.asyncDispose]())

const post = (body: object) => api.call('/v1/labels', { method: 'POST', body })
const importCsv = (csv: string) =>
  api.call('/v1/labels/import', { method: 'POST', body: csv, headers: { 'content-type': 'text/csv' } })
const range = (from: number, to: number) => ({ source: 'bench', start: instant(from), end: instant(to) })

describe('a range', () => {
  test('it is declared with its labels, by the station that it is about', async () => {
    const answer = await post({
      ...range(0, 60),
      labels: [{ step: 'pick', start: instant(1), end: instant(5) }],
      author: 'Mori',
    })
    expect(answer.statusCode).toBe(201)
    expect(answer.json()).toMatchObject({
      sourceKind: 'station',
      source: 'bench',
      sourceId: plant.station.id,
      start: instant(0),
      end: instant(60),
      labels: [{ step: 'pick', start: instant(1), end: instant(5) }],
      author: 'Mori',
    })
    expect(await api.get(String(answer.headers.location))).toEqual(answer.json())
  })

  test('sent again it changes nothing; one that overlaps it is refused and names it', async () => {
    const body = { ...range(100, 160), labels: [{ step: 'pick', start: instant(101), end: instant(105) }] }
    const first = await post(body)
    const again = await post(body)
    expect([first.statusCode, again.statusCode, again.json().id]).toEqual([201, 200, first.json().id])
    const other = await post({ ...range(150, 170), labels: [] })
    expect(other.json()).toMatchObject({
      status: 409,
      code: 'label-range-overlaps',
      detail: expect.stringContaining(first.json().id),
    })
  })

  test('two who send it at once store it once', async () => {
    const body = { ...range(200, 260), labels: [] }
    const answers = await Promise.all(Array.from({ length: 6 }, () => post(body)))
    expect(answers.map(answer => answer.statusCode).sort()).toEqual([200, 200, 200, 200, 200, 201])
    expect(new Set(answers.map(answer => answer.json().id)).size).toBe(1)
  })

  test('a step that the process does not have is refused, with those that it has', async () => {
    const answer = await post({
      ...range(300, 360),
      labels: [{ step: 'dance', start: instant(301), end: instant(305) }],
    })
    expect(answer.json()).toMatchObject({
      status: 422,
      code: 'steps-unknown',
      details: { unknown: ['dance'], known: ['pick', 'screw'] },
    })
  })

  test("a camera's labels know the steps of the station that it looks at", async () => {
    const body = {
      ...range(0, 9),
      source: plant.camera.id,
      labels: [{ step: 'dance', start: instant(1), end: instant(2) }],
    }
    expect((await post(body)).json()).toMatchObject({ code: 'steps-unknown', details: { source: 'camera of bench' } })
    expect((await post({ ...body, labels: [] })).json()).toMatchObject({
      sourceKind: 'camera',
      source: 'camera of bench',
    })
  })

  test('a file has seconds, and any step where it belongs to no camera', async () => {
    const body = {
      source: 'bottle-detection.mp4',
      start: 0,
      end: 42.125,
      labels: [{ step: 'anything', start: 0.25, end: 3 }],
    }
    expect((await post(body)).json()).toMatchObject({
      sourceKind: 'file',
      sourceId: null,
      start: 0,
      end: 42.125,
      labels: [{ start: 0.25, end: 3 }],
    })
  })

  test.each([
    [
      'a label outside of it',
      { labels: [{ step: 'pick', start: instant(490), end: instant(505) }] },
      /outside the declared ranges/,
    ],
    [
      'labels that overlap',
      {
        labels: [
          { step: 'pick', start: instant(501), end: instant(505) },
          { step: 'screw', start: instant(504), end: instant(506) },
        ],
      },
      /overlaps "pick"/,
    ],
    ['an end before its start', { end: instant(400), labels: [] }, /is not after start/],
    ['a time without a zone', { start: '2026-11-24T08:00:00', labels: [] }, /neither RFC 3339 with a zone nor seconds/],
    ['a day that does not exist', { start: '2026-02-30T08:00:00Z', labels: [] }, /neither RFC 3339/],
    ['a source that is not there', { source: 'nowhere', labels: [] }, /no station or camera "nowhere"/],
    ['a time long ago', { start: '0001-01-01T00:00:00Z', labels: [] }, /not between 1970 and 2199/],
  ])('%s is refused', async (_, change, reason) => {
    const answer = await post({ ...range(500, 560), ...change })
    expect(answer.statusCode).toBe(422)
    expect(answer.json().detail).toMatch(reason)
  })

  test('deleted, it is gone with its labels', async () => {
    const { id } = (
      await post({ ...range(600, 660), labels: [{ step: 'pick', start: instant(601), end: instant(605) }] })
    ).json()
    expect((await api.call(`/v1/labels/${id}`, { method: 'DELETE' })).statusCode).toBe(204)
    expect((await api.call(`/v1/labels/${id}`)).statusCode).toBe(404)
    expect(await api.db.prisma.label.count({ where: { rangeId: id } })).toBe(0)
  })
})

describe('CSV', () => {
  test('what is exported imports at another plant as the same labels, and here as nothing new', async () => {
    const exported = (await api.call('/v1/labels', { headers: { accept: 'text/csv' } })).body
    expect(exported.split('\n')[0]).toBe('source,start,end,label')
    expect((await importCsv(exported)).json()).toMatchObject({ added: 0 })
    const rows = (await api.get('/v1/labels')).items
    await api.db.prisma.labelRange.deleteMany()
    expect((await importCsv(exported)).json()).toMatchObject({ added: rows.length, unchanged: 0 })
    expect((await api.call('/v1/labels', { headers: { accept: 'text/csv' } })).body).toBe(exported)
  })

  test('without a declared range the labels of a source make one, from the first to the last', async () => {
    const answer = await importCsv(`source,start,end,label\nclip.mp4,1,2,a\nclip.mp4,5,7.5,b\n`)
    expect(answer.json()).toMatchObject({ added: 1, labels: 2 })
    expect(await api.get('/v1/labels?source=clip.mp4')).toMatchObject({ items: [{ start: 1, end: 7.5 }] })
  })

  test('all rows or none: every problem is listed with its row', async () => {
    const before = await api.db.prisma.labelRange.count()
    const answer = await importCsv(
      [
        'source,start,end,label',
        `bench,${instant(1000)},${instant(1010)},pick`,
        `bench,${instant(1010)},${instant(1020)},dance`,
        `nowhere,${instant(1020)},${instant(1030)},pick`,
        'bench,yesterday,today,pick',
        `bench,${instant(1050)},${instant(1040)},pick`,
      ].join('\n'),
    )
    expect(answer.statusCode).toBe(422)
    expect(answer.json().details.problems.map((problem: { row: number }) => problem.row)).toEqual([2, 3, 4, 4, 5])
    expect(await api.db.prisma.labelRange.count()).toBe(before)
  })

  test('a name that a station and a camera share has to be given as an id, and is exported as one', async () => {
    const { id } = await api.get('/v1/stations', { method: 'POST', body: { name: 'camera of bench' } })
    const csv = (source: string) => `source,start,end,label\n${source},${instant(2000)},${instant(2010)},\n`
    expect((await importCsv(csv('camera of bench'))).json().detail).toContain('give the id')
    expect((await importCsv(csv(id))).json()).toMatchObject({ added: 1 })
    expect((await api.call(`/v1/labels?source=${id}`, { headers: { accept: 'text/csv' } })).body).toContain(id)
  })
})

test('ranges are listed by source and time, page by page', async () => {
  const seen: string[] = []
  let cursor: string | null = ''
  while (cursor !== null) {
    const page: { items: { id: string }[]; next: string | null } = await api.get(
      `/v1/labels?source=bench&limit=2${cursor && `&cursor=${cursor}`}`,
    )
    seen.push(...page.items.map(({ id }) => id))
    cursor = page.next
  }
  expect(new Set(seen).size).toBe(seen.length)
  expect(seen).toHaveLength(await api.db.prisma.labelRange.count({ where: { source: plant.station.id } }))
  const within = await api.get(`/v1/labels?source=bench&from=${instant(100)}&to=${instant(160)}`)
  expect(within.items).toMatchObject([{ start: instant(100) }])
})
