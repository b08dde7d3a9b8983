import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openBlobStore } from '@takt/blobs'
import { migrate, openDatabase, openSeal } from '@takt/db'
import { startPostgres } from '@takt/dev-env'
import type { Job } from '@takt/jobs'
import { createHealth, createLogger, createMetrics, createRedactor, Secret } from '@takt/service'
import type { InjectOptions } from 'fastify'
import { buildApp } from '../src/app.ts'
import type { ApiContext, ApiLimits } from '../src/context.ts'
import { openVideoCache } from '../src/video/video-cache.ts'
import { createAddressGuard } from '../src/webhooks/address-guard.ts'
import { checkingSerializer } from './checking-serializer.ts'

export const adminKey = 'bootstrap-key-of-the-tests'
export const plantSecret = 'secret of the tests'

const eventLimits = { skewMs: 60_000, lateMs: 7 * 86_400_000 }

/** A request as a test writes it. */
export interface Call {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD'
  readonly body?: unknown
  /** `null`: none. The bootstrap key where it is left out. */
  readonly key?: string | null
  readonly headers?: Record<string, string>
}

export interface StartOptions {
  readonly limits?: Partial<ApiLimits>
  readonly jobs?: ApiContext['jobs']
  readonly now?: () => Date
}

/** The whole API over a fresh database and a directory of objects; what it asks of the queue is kept in `jobs`. */
export async function startApi(options: StartOptions = {}) {
  const directory = await mkdtemp(join(tmpdir(), 'takt-api-'))
  const postgres = await startPostgres({ stateDir: directory, durability: 'fast' })
  await migrate(postgres.url)
  const db = openDatabase({ url: postgres.url })
  const blobs = await openBlobStore(new URL(`file://${join(directory, 'objects')}`))
  const jobs: Job[] = []
  const log: string[] = []
  const stop = new AbortController()
  const health = createHealth()
  health.markReady()
  const context: ApiContext = {
    db,
    blobs,
    seal: openSeal(plantSecret),
    jobs: options.jobs ?? {
      add: async (kind, args) => void jobs.push({ kind, args } as Job),
      addBulk: async added => void jobs.push(...added),
    },
    videoCache: await openVideoCache({ directory: join(directory, 'video'), maxBytes: 64 * 2 ** 20 }),
    metrics: createMetrics({ service: 'api', version: 'test' }),
    health,
    logger: createLogger({ service: 'api', level: 'debug', redactor: createRedactor(), write: line => log.push(line) }),
    now: options.now ?? (() => new Date()),
    signal: stop.signal,
    limits: {
      requestsPerMinute: 1_000_000,
      bodyBytes: 2 ** 20,
      trustProxy: false,
      events: eventLimits,
      ...options.limits,
    },
    webhookTargets: createAddressGuard(['127.0.0.0/8', '::1/128', '10.0.0.0/8']),
    adminKey: new Secret(adminKey),
  }
  const app = await buildApp(context, { serializerCompiler: checkingSerializer })
  await app.ready()

  const call = (url: string, { method = 'GET', body, key = adminKey, headers = {} }: Call = {}) =>
    app.inject({
      method,
      url,
      headers: { ...(key !== null && { authorization: `Bearer ${key}` }), ...headers },
      ...(body !== undefined && { payload: body as InjectOptions['payload'] & object }),
    })

  return {
    app,
    context,
    db,
    blobs,
    jobs,
    log,
    /** As a service that stops. */
    stop: () => stop.abort(),
    call,
    /** The document of a request that has to succeed. */
    get: async (url: string, request: Call = {}) => {
      const answer = await call(url, request)
      if (answer.statusCode >= 400)
        throw new Error(`${request.method ?? 'GET'} ${url}: ${answer.statusCode} ${answer.body}`)
      return answer.json()
    },
    [Symbol.asyncDispose]: async () => {
      stop.abort()
      await app.close()
      await db[Symbol.asyncDispose]()
      await postgres.stop()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

export type TestApi = Awaited<ReturnType<typeof startApi>>
