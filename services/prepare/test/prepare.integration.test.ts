import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openBlobStore } from '@takt/blobs'
import { openDatabase } from '@takt/db'
import { openStateDirectory, type Postgres, type S3Server, startPostgres, startS3 } from '@takt/dev-env'
import { parseEnvironment } from '@takt/service'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { prepareEnvironment } from '../src/config.ts'
import { prepare } from '../src/prepare.ts'

const nowMs = Date.UTC(2031, 5, 15)

describe('prepare', () => {
  const stack = new AsyncDisposableStack()
  const told: unknown[] = []
  let postgres: Postgres
  let s3: S3Server

  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'takt-prepare-'))
    stack.defer(() => rm(folder, { recursive: true }))
    const state = stack.use(await openStateDirectory(folder))
    postgres = stack.use(await startPostgres({ stateDir: state.path, durability: 'fast' }))
    s3 = stack.use(await startS3({ stateDir: state.path }))
  })
  afterAll(() => stack.disposeAsync())

  const environment = (overrides: Record<string, string> = {}) => ({
    DATABASE_URL: postgres.url,
    OBJECT_STORE_URL: `${s3.endpoint.replace('http:', 's3:')}/takt?tls=false`,
    OBJECT_STORE_ACCESS_KEY: s3.accessKey,
    OBJECT_STORE_SECRET_KEY: s3.secretKey,
    ...overrides,
  })
  const run = (env = environment()) =>
    prepare({
      config: parseEnvironment(prepareEnvironment, env),
      events: {
        schemaReady: fields => void told.push(fields),
        bucketReady: fields => void told.push(fields),
        prepareFailed: fields => void told.push(fields),
      },
      nowMs,
    })

  it('gives an empty Postgres its schema, the months ahead their partitions, and an empty store its bucket', async () => {
    await run()
    expect(told.splice(0)).toEqual([{ partitionsThrough: '2032-07' }, { made: true }])
    await using db = openDatabase({ url: postgres.url })
    const { rows } = await db.pool.query(
      `select relname from pg_class where relname in ('interval_current_2031_05', 'cycle_revision_2032_07')`,
    )
    expect(rows).toHaveLength(2)
    const env = environment()
    await using blobs = await openBlobStore(env.OBJECT_STORE_URL, {
      accessKey: env.OBJECT_STORE_ACCESS_KEY,
      secretKey: parseEnvironment(prepareEnvironment, env).OBJECT_STORE_SECRET_KEY!,
    })
    expect(await blobs.put('segments/a.mp4', new Uint8Array(3))).toBe('written')
  })

  it('changes nothing when it runs again', async () => {
    await run()
    expect(told.splice(0)).toEqual([{ partitionsThrough: '2032-07' }, { made: false }])
  })

  it('is refused with a wrong secret, and says so without showing it', async () => {
    const wrong = randomBytes(20).toString('hex')
    const refused = await run(environment({ OBJECT_STORE_SECRET_KEY: wrong })).catch(error => error)
    expect(refused).toMatchObject({ code: 'blob-store-denied' })
    expect(String(refused)).not.toContain(wrong)
  })

  it('refuses an s3: URL without keys', async () => {
    const keyless = environment({ OBJECT_STORE_ACCESS_KEY: '', OBJECT_STORE_SECRET_KEY: '' })
    await expect(run(keyless)).rejects.toMatchObject({ code: 'blob-store-url-invalid' })
  })
})
