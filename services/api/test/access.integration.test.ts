import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { adminKey, startApi, type TestApi } from './start-api.ts'

let api: TestApi
beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api?.[Symbol.asyncDispose]())

const mint = async (scopes: readonly string[], more: object = {}) =>
  api.get('/v1/api-keys', { method: 'POST', body: { name: `with ${scopes}`, scopes, ...more } })

/** What needs no key, and why: probes and scrapers have none, and the reference is for those who do not have one yet. */
const open = [/^\/health\/(live|ready)$/, /^\/metrics$/, /^\/openapi\.json$/, /^\/reference(\/|$)/]

/** A stream that is let in does not end: the place that is asked for is none. */
const filled = (url: string) =>
  url.replaceAll(/:[a-z]+/gi, '00000000-0000-4000-8000-000000000000').replace(/stream$/, 'stream?after=none')

describe('guards', () => {
  test('every route declares a scope or is known to be open', () => {
    const unguarded = api.app.routes.filter(route => route.scope === null && !open.some(url => url.test(route.url)))
    expect(unguarded).toEqual([])
    expect(api.app.routes.filter(route => route.scope !== null).length).toBeGreaterThan(40)
  })

  test('no guarded route answers without a key, whatever is asked of it', async () => {
    for (const { method, url, scope } of api.app.routes) {
      if (scope === null) continue
      const answer = await api.call(filled(url), { method: method as 'GET', key: null })
      expect([method, url, answer.statusCode]).toEqual([method, url, 401])
      expect(answer.headers['www-authenticate']).toBe('Bearer realm="takt"')
    }
  })

  test('a key opens exactly the routes that its scopes grant', async () => {
    const granted = {
      read: ['read'],
      label: ['read', 'label'],
      correct: ['read', 'correct'],
      events: ['read', 'events'],
      webhooks: ['read', 'webhooks'],
      operate: ['read', 'operate'],
    } as const
    for (const [scope, opens] of Object.entries(granted)) {
      const { key } = await mint([scope])
      for (const route of api.app.routes) {
        if (route.scope === null) continue
        const { statusCode } = await api.call(filled(route.url), { method: route.method as 'GET', key })
        const allowed = (opens as readonly string[]).includes(route.scope)
        expect([scope, route.method, route.url, statusCode === 403]).toEqual([scope, route.method, route.url, !allowed])
      }
    }
  })

  test('reading needs reading only: nothing that changes anything has scope read', () => {
    const changing = api.app.routes.filter(route => route.scope === 'read' && !['GET', 'HEAD'].includes(route.method))
    expect(changing).toEqual([])
  })
})

describe('keys', () => {
  test('a key is shown once and kept as a hash', async () => {
    const minted = await mint(['read'])
    expect(minted.key).toMatch(/^takt_[0-9a-f]{8}_[A-Za-z0-9_-]{43}$/)
    const row = await api.db.prisma.apiKey.findUniqueOrThrow({ where: { id: minted.id } })
    expect(JSON.stringify(row)).not.toContain(minted.key)
    const listed = await api.get('/v1/api-keys')
    expect(listed.items.find((key: { id: string }) => key.id === minted.id)).toMatchObject({
      prefix: minted.prefix,
      scopes: ['read'],
    })
    expect(JSON.stringify(listed)).not.toContain(minted.key)
    expect(api.log.join()).not.toContain(minted.key)
  })

  test('a revoked key is refused at once', async () => {
    const { id, key } = await mint(['read'])
    expect((await api.call('/v1/cameras', { key })).statusCode).toBe(200)
    expect((await api.call(`/v1/api-keys/${id}`, { method: 'DELETE' })).statusCode).toBe(204)
    expect((await api.call('/v1/cameras', { key })).json()).toMatchObject({ status: 401, code: 'unauthenticated' })
  })

  test('an expired key is refused', async () => {
    const { key } = await mint(['read'], { expiresAt: '2020-01-01T00:00:00Z' })
    expect((await api.call('/v1/cameras', { key })).json().detail).toContain('expired')
  })

  test.each([
    '',
    'x',
    'takt_00000000_x',
    `takt_00000000_${'a'.repeat(43)}`,
    `${adminKey}x`,
    adminKey.slice(0, -1),
    'a'.repeat(5000),
  ])('the key %.40j is refused', async key => {
    expect((await api.call('/v1/cameras', { key })).statusCode).toBe(401)
  })

  test('a right prefix with another secret is refused', async () => {
    const { prefix } = await mint(['admin'])
    expect((await api.call('/v1/cameras', { key: `takt_${prefix}_${'A'.repeat(43)}` })).statusCode).toBe(401)
  })
})

describe('refusals', () => {
  test.each([
    ['GET', '/v1/nothing', 404, 'route-unknown'],
    ['GET', '/nothing', 404, 'route-unknown'],
    ['PUT', '/v1/cameras', 405, 'method-not-allowed'],
    ['DELETE', '/v1/timings', 405, 'method-not-allowed'],
    ['GET', '/v1/cameras/not-a-uuid', 400, 'invalid-request'],
    ['GET', '/v1/cameras/00000000-0000-4000-8000-000000000000', 404, 'not-found'],
    ['GET', '/v1/timings?station=x', 400, 'invalid-request'],
    ['GET', '/v1/timings?nonsense=1', 400, 'invalid-request'],
    ['GET', '/v1/timings', 400, 'window-refused'],
    ['GET', '/v1/changes?after=nonsense!', 400, 'feed-token-refused'],
    ['GET', '/v1/labels?cursor=bm8', 400, 'page-token-refused'],
    ['GET', '/v1/%', 400, 'invalid-request'],
  ] as const)('%s %s is a problem document: %d %s', async (method, url, status, code) => {
    const answer = await api.call(url, { method })
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/)
    expect(answer.json()).toMatchObject({ status, code, type: `urn:takt:error:${code}`, detail: expect.any(String) })
    expect(answer.statusCode).toBe(status)
  })

  test('a method that a path does not know is told which ones it does', async () => {
    const answer = await api.call('/v1/cameras', { method: 'DELETE' })
    expect(answer.json().details.allowed).toEqual(['GET', 'HEAD', 'POST'])
    expect(answer.headers.allow).toBe('GET,HEAD,POST')
  })

  test('an invalid request names what was wrong, where, and what was given', async () => {
    const answer = await api.call('/v1/stations', { method: 'POST', body: { name: '', line: 7, colour: 'red' } })
    expect(answer.json().details.problems).toEqual([
      expect.objectContaining({ at: 'body/name', value: '""' }),
      expect.objectContaining({ at: 'body/line', value: '7' }),
      expect.objectContaining({ at: 'body', message: expect.stringContaining('colour') }),
    ])
  })

  test('a body that is too large, or of a type that nobody reads, is refused', async () => {
    const large = await api.call('/v1/stations', { method: 'POST', body: { name: 'x'.repeat(2 ** 21) } })
    expect(large.json()).toMatchObject({ status: 413 })
    const typed = await api.call('/v1/stations', {
      method: 'POST',
      body: '<a/>',
      headers: { 'content-type': 'text/xml' },
    })
    expect(typed.json()).toMatchObject({ status: 415 })
  })

  test('what fails here says nothing of why, and the log says all of it', async () => {
    const broken = new Error('relation "secret_table" does not exist')
    const find = api.db.prisma.encoder.findMany
    Object.assign(api.db.prisma.encoder, { findMany: () => Promise.reject(broken) })
    const answer = await api
      .call('/v1/encoders')
      .finally(() => Object.assign(api.db.prisma.encoder, { findMany: find }))
    expect(answer.json()).toMatchObject({ status: 500, code: 'internal' })
    expect(answer.body).not.toContain('secret_table')
    expect(api.log.join()).toContain('secret_table')
  })
})

describe('documents for machines', () => {
  test('the OpenAPI document is 3.1 and describes every guarded route with its answers', async () => {
    const document = (await api.call('/openapi.json', { key: null })).json()
    expect(document.openapi).toBe('3.1.0')
    for (const { method, url, scope } of api.app.routes) {
      if (scope === null || method === 'HEAD') continue
      const operation = document.paths[url.replaceAll(/:([a-z]+)/gi, '{$1}')]?.[method.toLowerCase()]
      expect([url, operation?.summary, operation?.security]).toEqual([url, expect.any(String), [{ key: [scope] }]])
      expect(Object.keys(operation.responses).some(status => status.startsWith('2'))).toBe(true)
      expect(operation.responses['4XX']).toBeDefined()
    }
    expect(Object.keys(document.components.schemas)).toEqual(
      expect.arrayContaining(['Timing', 'Cycle', 'Camera', 'Problem']),
    )
  })

  test('every $ref of the OpenAPI document leads somewhere', async () => {
    const document = (await api.call('/openapi.json', { key: null })).json()
    const refs = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map(
      match => match[1]!,
    )
    expect(refs.length).toBeGreaterThan(20)
    expect(refs.filter(ref => !(ref in document.components.schemas))).toEqual([])
    expect(Object.keys(document.components.schemas).filter(name => !refs.includes(name))).toEqual([])
  })

  test('the reference page and its script come from here', async () => {
    const page = await api.call('/reference/', { key: null })
    expect(page.statusCode).toBe(200)
    expect(
      [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)]
        .map(match => match[1])
        .filter(url => /^(https?:)?\/\//.test(url!)),
    ).toEqual([])
    expect((await api.call('/reference/js/scalar.js', { key: null })).statusCode).toBe(200)
  })

  test('requests are measured by route, not by path', async () => {
    await api.call('/v1/cameras/00000000-0000-4000-8000-000000000000')
    await api.call('/v1/nothing/of/the/kind')
    const metrics = (await api.call('/metrics', { key: null })).body
    expect(metrics).toMatch(/takt_http_request_seconds_count\{[^}]*route="\/v1\/cameras\/:id"[^}]*status="404"/)
    expect(metrics).toMatch(/route="unmatched"/)
    expect(metrics).not.toContain('of/the/kind')
    expect(metrics).not.toContain('00000000-0000-4000')
  })
})

test('guessing keys is limited like everything else', async () => {
  await using limited = await startApi({ limits: { requestsPerMinute: 2 } })
  const statuses = []
  for (let i = 0; i < 4; i++) statuses.push((await limited.call('/v1/cameras', { key: `guess-${i}` })).statusCode)
  expect(statuses).toEqual([401, 401, 429, 429])
})

test('an address that asks too often is told when to come back, while probes are never refused', async () => {
  await using limited = await startApi({ limits: { requestsPerMinute: 3 } })
  const statuses = []
  for (let i = 0; i < 5; i++) statuses.push((await limited.call('/v1/cameras')).statusCode)
  expect(statuses).toEqual([200, 200, 200, 429, 429])
  const refused = await limited.call('/v1/cameras')
  expect(refused.json()).toMatchObject({ status: 429, code: 'too-many-requests', retryable: true })
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
  expect((await limited.call('/health/live', { key: null })).statusCode).toBe(200)
})
