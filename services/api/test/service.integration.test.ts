import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { migrate } from '@takt/db'
import { startPostgres, startRedis } from '@takt/dev-env'
import { startService } from '@takt/service'
import { expect, test } from 'vitest'
import { apiService } from '../src/service.ts'

test('the service starts, answers, serves on while Redis is away, says when Postgres is, and stops cleanly', async () => {
  await using started = new AsyncDisposableStack()
  const stateDir = await mkdtemp(join(tmpdir(), 'takt-api-service-'))
  started.defer(() => rm(stateDir, { recursive: true, force: true }))
  const postgres = started.use(await startPostgres({ stateDir, durability: 'fast' }))
  const redis = started.use(await startRedis({ stateDir }))
  await migrate(postgres.url)
  const log: string[] = []
  const key = 'key-of-the-service-test'
  const service = await startService(apiService, {
    env: {
      API_HOST: '127.0.0.1',
      API_PORT: '0',
      DATABASE_URL: postgres.url,
      REDIS_URL: redis.url,
      OBJECT_STORE_URL: pathToFileURL(join(stateDir, 'objects')).href,
      TAKT_SECRET: 'secret of the service test',
      TAKT_ADMIN_KEY: key,
      VIDEO_CACHE_DIR: join(stateDir, 'video'),
    },
    write: line => log.push(line),
  })
  started.defer(() => service.stop())
  const get = (path: string) => fetch(`${service.url}${path}`, { headers: { authorization: `Bearer ${key}` } })

  expect((await get('/health/ready')).status).toBe(200)
  expect(await (await get('/v1/stations')).json()).toEqual({ items: [] })
  expect(await (await get('/metrics')).text()).toContain('takt_http_request_seconds_bucket')

  await redis.stop()
  expect((await get('/v1/stations')).status).toBe(200)
  expect((await get('/health/ready')).status).toBe(200)

  await postgres.stop()
  const away = await get('/v1/stations')
  expect([away.status, await away.json()]).toEqual([
    503,
    expect.objectContaining({ code: 'database-away', retryable: true }),
  ])
  expect((await get('/v1/changes')).status).toBe(503)
  expect((await get('/health/ready')).status).toBe(503)
  expect((await get('/health/live')).status).toBe(200)

  await service.stop()
  await expect(service.stopped).resolves.toBeUndefined()
  for (const secret of [key, 'secret of the service test', new URL(postgres.url).password, new URL(redis.url).password])
    expect(log.join()).not.toContain(secret)
})
