import { cameraSealContext, openSeal } from '@takt/db'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { plantSecret, startApi, type TestApi } from './start-api.ts'

let api: TestApi
beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api?.[Symbol.asyncDispose]())

const hidden = 'p4ssw0rd-of-the-camera'
const url = `rtsp://operator:${hidden}@10.0.0.5:554/stream?token=${hidden}`

describe('cameras', () => {
  test('a URL goes in and never comes out: it is shown without credentials, stored sealed, logged nowhere', async () => {
    const camera = await api.get('/v1/cameras', { method: 'POST', body: { name: 'gate', url } })
    expect(camera).toMatchObject({
      name: 'gate',
      url: 'rtsp://10.0.0.5:554/stream',
      transport: 'tcp',
      revision: 1,
      state: 'starting',
    })
    const row = await api.db.prisma.camera.findUniqueOrThrow({ where: { id: camera.id } })
    expect(Buffer.from(row.urlSealed).includes(hidden)).toBe(false)
    expect(openSeal(plantSecret).open(row.urlSealed, cameraSealContext(camera.id))).toBe(url)
    const shown = JSON.stringify([camera, await api.get('/v1/cameras'), api.log])
    expect(shown).not.toContain(hidden)
    expect(shown).not.toContain('operator')
  })

  test.each([
    'http://10.0.0.5/stream',
    'file:///etc/passwd',
    'rtsp://',
    `rtsp://u:${hidden}@h/a b`,
    'not a url',
    `rtsp://u:${hidden}@h/'\n`,
  ])('the URL %j is refused without being repeated', async bad => {
    const answer = await api.call('/v1/cameras', { method: 'POST', body: { name: 'bad', url: bad } })
    expect(answer.statusCode).toBe(422)
    expect(answer.json()).toMatchObject({ code: 'camera-url-refused' })
    expect(answer.body).not.toContain(hidden)
  })

  test('a body that is no JSON is refused without being repeated', async () => {
    const answer = await api.call('/v1/cameras', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: `{"name": "x", "url": "${url}",`,
    })
    expect(answer.statusCode).toBe(400)
    expect(answer.body).not.toContain(hidden)
  })

  test('each change raises the revision', async () => {
    const { id } = await api.get('/v1/cameras', { method: 'POST', body: { name: 'changing', url } })
    const renamed = await api.get(`/v1/cameras/${id}`, { method: 'PATCH', body: { name: 'changed' } })
    expect(renamed).toMatchObject({ name: 'changed', revision: 2 })
    const moved = await api.get(`/v1/cameras/${id}`, {
      method: 'PATCH',
      body: { url: 'rtsp://10.0.0.6/b', transport: 'udp', enabled: false },
    })
    expect(moved).toMatchObject({ url: 'rtsp://10.0.0.6/b', transport: 'udp', enabled: false, revision: 3 })
  })

  test('removing one frees its name and keeps its history', async () => {
    const { id } = await api.get('/v1/cameras', { method: 'POST', body: { name: 'leaving', url } })
    for (const _ of ['first', 'again'])
      expect((await api.call(`/v1/cameras/${id}`, { method: 'DELETE' })).statusCode).toBe(204)
    const again = await api.get('/v1/cameras', { method: 'POST', body: { name: 'leaving', url } })
    expect(again.id).not.toBe(id)
    expect(await api.get(`/v1/cameras/${id}`)).toMatchObject({
      enabled: false,
      removedAt: expect.any(String),
      revision: 2,
    })
    expect((await api.get('/v1/cameras')).items.map((camera: { id: string }) => camera.id)).not.toContain(id)
    const change = await api.call(`/v1/cameras/${id}`, { method: 'PATCH', body: { enabled: true } })
    expect(change.json()).toMatchObject({ status: 409, code: 'camera-removed' })
  })

  test('a name is taken once', async () => {
    await api.get('/v1/cameras', { method: 'POST', body: { name: 'twice', url } })
    const answer = await api.call('/v1/cameras', { method: 'POST', body: { name: 'twice', url } })
    expect(answer.json()).toMatchObject({ status: 409, code: 'name-taken', detail: expect.stringContaining('"twice"') })
  })

  test('events are listed newest first, page by page', async () => {
    const { id } = await api.get('/v1/cameras', { method: 'POST', body: { name: 'eventful', url } })
    for (const state of ['streaming', 'stalled', 'streaming'])
      await api.db.prisma.cameraEvent.create({ data: { cameraId: id, state } })
    const first = await api.get(`/v1/cameras/${id}/events?limit=2`)
    expect(first.items.map((event: { state: string }) => event.state)).toEqual(['streaming', 'stalled'])
    const second = await api.get(`/v1/cameras/${id}/events?limit=2&cursor=${first.next}`)
    expect(second).toMatchObject({ items: [{ state: 'streaming' }], next: null })
  })
})

describe('processes', () => {
  const tasks = [
    { name: 'pick', externalId: 'P1', motions: [{ name: 'reach' }, { name: 'grasp' }] },
    { name: 'screw', expectedMs: 4000 },
    { name: 'check', optional: true },
  ]

  test('a process keeps its tree, its external ids and which task opens the cycle', async () => {
    const process = await api.get('/v1/processes', {
      method: 'POST',
      body: { name: '組立', externalId: 'OP-10', tasks },
    })
    expect(process).toMatchObject({ name: '組立', externalId: 'OP-10', versions: [{ version: 1 }] })
    const [version] = process.versions
    expect(version.tasks.map((task: { name: string; opensCycle: boolean }) => [task.name, task.opensCycle])).toEqual([
      ['pick', true],
      ['screw', false],
      ['check', false],
    ])
    expect(version.tasks[0].motions.map((motion: { name: string }) => motion.name)).toEqual(['reach', 'grasp'])
    expect(version.tasks[1]).toMatchObject({ expectedMs: 4000, optional: false })
  })

  test('a process keeps what repeats and what goes in any order, and refuses a group that others part', async () => {
    const ordered = [
      { name: 'take' },
      { name: 'bolt', anyOrderGroup: 'fit' },
      { name: 'plug', anyOrderGroup: 'fit' },
      { name: 'screw', repeats: true },
    ]
    const { versions } = await api.get('/v1/processes', { method: 'POST', body: { name: 'ordered', tasks: ordered } })
    expect(versions[0].tasks).toMatchObject([
      { name: 'take', repeats: false, anyOrderGroup: null },
      { name: 'bolt', anyOrderGroup: 'fit' },
      { name: 'plug', anyOrderGroup: 'fit' },
      { name: 'screw', repeats: true, anyOrderGroup: null },
    ])
    const parted = ordered.toSpliced(2, 0, { name: 'wipe' })
    const answer = await api.call('/v1/processes', { method: 'POST', body: { name: 'parted', tasks: parted } })
    expect(answer.json()).toMatchObject({
      code: 'process-refused',
      details: { problems: [{ code: 'any-order-group-invalid' }] },
    })
  })

  test('versions follow each other in time', async () => {
    const { id } = await api.get('/v1/processes', {
      method: 'POST',
      body: { name: 'dated', validFrom: '2026-01-01T00:00:00Z', tasks },
    })
    const body = { validFrom: '2026-06-01T00:00:00Z', tasks: [{ name: 'pick' }] }
    const next = await api.get(`/v1/processes/${id}/versions`, { method: 'POST', body })
    expect(next.versions.map((version: { version: number }) => version.version)).toEqual([1, 2])
    const late = await api.call(`/v1/processes/${id}/versions`, { method: 'POST', body })
    expect(late.json()).toMatchObject({ status: 409, code: 'process-version-out-of-order' })
  })

  test('what the domain refuses is listed whole', async () => {
    const answer = await api.call('/v1/processes', {
      method: 'POST',
      body: { name: 'broken', tasks: [{ name: 'a', opensCycle: true, optional: true }, { name: 'a' }] },
    })
    expect(answer.json()).toMatchObject({ status: 422, code: 'process-refused' })
    expect(answer.json().details.problems.map((problem: { code: string }) => problem.code)).toEqual([
      'name-duplicate',
      'cycle-opened-by-optional-task',
    ])
  })
})

describe('stations', () => {
  test('a station has views by two cameras, each revised as a whole', async () => {
    const left = await api.get('/v1/cameras', { method: 'POST', body: { name: 'left', url } })
    const right = await api.get('/v1/cameras', { method: 'POST', body: { name: 'right', url } })
    const { id } = await api.get('/v1/stations', { method: 'POST', body: { name: 'two-eyed', externalId: 'WU-7' } })
    const crop = { x: 0.1, y: 0.1, width: 0.5, height: 0.5 }
    const put = (view: string, body: object) => api.call(`/v1/stations/${id}/views/${view}`, { method: 'PUT', body })
    expect((await put('front', { cameraId: left.id, crop, masks: [crop] })).statusCode).toBe(201)
    expect((await put('side', { cameraId: right.id, offsetMs: -120, required: false, position: 1 })).statusCode).toBe(
      201,
    )
    const { views } = await api.get(`/v1/stations/${id}`)
    expect(views).toMatchObject([
      { view: 'front', cameraId: left.id, crop, masks: [crop], offsetMs: 0, required: true },
      { view: 'side', cameraId: right.id, crop: null, masks: [], offsetMs: -120, required: false },
    ])
    expect((await put('front', { cameraId: left.id, crop, masks: [crop] })).json().views).toEqual(views)
    const revised = (await put('front', { cameraId: left.id })).json().views[0]
    expect(revised).toMatchObject({ viewId: views[0].viewId, crop: null, masks: [] })
    expect(revised.viewRevisionId).not.toBe(views[0].viewRevisionId)
  })

  test('a view names a camera that is there, and a rectangle within the picture', async () => {
    const { id } = await api.get('/v1/stations', { method: 'POST', body: { name: 'blind' } })
    const put = (body: object) => api.call(`/v1/stations/${id}/views/front`, { method: 'PUT', body })
    const nobody = '00000000-0000-4000-8000-000000000000'
    expect((await put({ cameraId: nobody })).json()).toMatchObject({
      status: 422,
      code: 'reference-unknown',
      detail: expect.stringContaining(nobody),
    })
    const wide = await put({ cameraId: nobody, crop: { x: 0.6, y: 0, width: 0.5, height: 1 } })
    expect(wide.json()).toMatchObject({ status: 400, detail: expect.stringContaining('reaches beyond the picture') })
  })

  test('a view cannot be revised before its revision in force', async () => {
    const camera = await api.get('/v1/cameras', { method: 'POST', body: { name: 'dated view', url } })
    const { id } = await api.get('/v1/stations', { method: 'POST', body: { name: 'dated views' } })
    const put = (body: object) => api.call(`/v1/stations/${id}/views/front`, { method: 'PUT', body })
    await put({ cameraId: camera.id, validFrom: '2026-11-01T00:00:00Z' })
    const answer = await put({ cameraId: camera.id, offsetMs: 5, validFrom: '2026-10-01T00:00:00Z' })
    expect(answer.json()).toMatchObject({ status: 409, code: 'view-out-of-order' })
  })

  test('a station keeps a required view, since its watermark waits for those', async () => {
    const camera = await api.get('/v1/cameras', { method: 'POST', body: { name: 'only one', url } })
    const { id } = await api.get('/v1/stations', { method: 'POST', body: { name: 'one-eyed' } })
    const put = (view: string, required: boolean) =>
      api.call(`/v1/stations/${id}/views/${view}`, { method: 'PUT', body: { cameraId: camera.id, required } })
    expect((await put('front', false)).json()).toMatchObject({ status: 422, code: 'view-must-be-required' })
    expect((await put('front', true)).statusCode).toBe(201)
    expect((await put('side', false)).statusCode).toBe(201)
    expect((await put('front', false)).json()).toMatchObject({ status: 422, code: 'view-must-be-required' })
  })

  test('a process is assigned, and has to be there', async () => {
    const process = await api.get('/v1/processes', {
      method: 'POST',
      body: { name: 'assigned', tasks: [{ name: 'pick' }] },
    })
    const { id } = await api.get('/v1/stations', { method: 'POST', body: { name: 'working' } })
    expect(await api.get(`/v1/stations/${id}`, { method: 'PATCH', body: { processId: process.id } })).toMatchObject({
      processId: process.id,
    })
    expect(await api.get(`/v1/stations/${id}`, { method: 'PATCH', body: { processId: null } })).toMatchObject({
      processId: null,
    })
    const answer = await api.call(`/v1/stations/${id}`, { method: 'PATCH', body: { processId: id } })
    expect(answer.json()).toMatchObject({ status: 422, code: 'reference-unknown' })
  })
})
