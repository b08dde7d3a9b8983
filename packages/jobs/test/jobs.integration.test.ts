import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { inspect } from 'node:util'
import { createLogger, createRedactor } from '@takt/service'
import { defineErrors } from '@takt/service/errors'
import { sleep } from '@takt/service/loop'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { applyBackfillPolicy, type DeadJob, type JobHandlers, jobId, openJobs, startJobWorker } from '../src/index.ts'
import { startRedis } from './redis-server.ts'

const testError = defineErrors({
  'passing-fault': { message: () => 'try again', retryable: true },
  'lasting-fault': { message: () => 'never', retryable: false },
})

let redis: Awaited<ReturnType<typeof startRedis>>
beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis[Symbol.asyncDispose]())

/** One plant in Redis: its own prefix, a producer, workers, and what they did. */
const openPlant = async () => {
  const prefix = `test-${randomUUID()}`
  const stop = new AbortController()
  const jobs = await openJobs({ redisUrl: redis.url, prefix })
  const raw = new Redis(redis.url, { maxRetriesPerRequest: null })
  raw.on('error', () => undefined) // The server is stopped on purpose.
  const dead: DeadJob[] = []
  const lines: string[] = []
  const logger = createLogger({
    service: 'test',
    level: 'debug',
    redactor: createRedactor(),
    write: line => lines.push(line),
  })
  const work = (handlers: JobHandlers, more: Partial<Parameters<typeof startJobWorker>[0]> = {}) =>
    startJobWorker({
      redisUrl: redis.url,
      prefix,
      handlers,
      onDead: async each => void dead.push(each),
      lockDurationMs: 1000,
      stalledIntervalMs: 500,
      graceMs: 500,
      signal: stop.signal,
      logger,
      ...more,
    })
  const workers: ReturnType<typeof work>[] = []
  return {
    prefix,
    jobs,
    raw,
    dead,
    lines,
    work: (...args: Parameters<typeof work>) => {
      const worker = work(...args)
      workers.push(worker)
      return worker
    },
    keys: () => raw.keys(`${prefix}:*`),
    [Symbol.asyncDispose]: async () => {
      stop.abort()
      await Promise.all(workers.map(worker => worker.close()))
      await jobs.close()
      raw.disconnect()
    },
  }
}

const until = (condition: () => unknown) =>
  vi.waitFor(() => expect(condition()).toBeTruthy(), { timeout: 30_000, interval: 25 })
const segment = () => ({ segmentId: randomUUID() })

describe('jobs', () => {
  it('reach their handler with parsed args, and leave nothing of themselves in Redis', async () => {
    await using plant = await openPlant()
    const seen: unknown[] = []
    plant.work({
      'embed-live': async (args, { attempt, lastAttempt }) => void seen.push({ args, attempt, lastAttempt }),
      train: async args => void seen.push({ args }),
    })
    const args = segment()
    const fit = { kind: 'fit', headId: randomUUID() } as const
    await plant.jobs.add('embed-live', args)
    await plant.jobs.add('train', fit)
    await until(() => seen.length === 2)
    expect(seen).toEqual(expect.arrayContaining([{ args, attempt: 1, lastAttempt: false }, { args: fit }]))
    await vi.waitFor(async () =>
      expect(await plant.raw.exists(`${plant.prefix}:embed-live:${jobId('embed-live', args)}`)).toBe(0),
    )
  })

  it('are added once while they wait, and again once they have ended', async () => {
    await using plant = await openPlant()
    const args = segment()
    for (let times = 0; times < 3; times += 1) await plant.jobs.add('embed-live', args)
    await plant.jobs.addBulk([
      { kind: 'embed-live', args },
      { kind: 'embed-backfill', args },
    ])
    const counts = await plant.jobs.counts()
    expect(counts['embed-live'].waiting).toBe(1)
    expect(counts['embed-backfill'].waiting).toBe(1)

    let runs = 0
    plant.work({ 'embed-live': async () => void runs++ })
    await until(() => runs === 1)
    await vi.waitFor(async () => {
      await plant.jobs.add('embed-live', args)
      expect(runs).toBe(2)
    })
  })

  it('that fail for a passing reason come back with the next attempt', async () => {
    await using plant = await openPlant()
    const attempts: number[] = []
    plant.work({
      'embed-live': async (_, { attempt }) => {
        attempts.push(attempt)
        if (attempt === 1) throw testError('passing-fault')
      },
    })
    await plant.jobs.add('embed-live', segment())
    await until(() => attempts.length === 2)
    expect(attempts).toEqual([1, 2])
    expect(plant.dead).toEqual([])
  })

  it('that fail for a lasting reason are dead at once', async () => {
    await using plant = await openPlant()
    const args = segment()
    plant.work({ 'embed-live': () => Promise.reject(testError('lasting-fault')) })
    await plant.jobs.add('embed-live', args)
    await until(() => plant.dead.length)
    expect(plant.dead).toMatchObject([{ kind: 'embed-live', args, attempts: 1, error: { code: 'lasting-fault' } }])
  })

  it('that fail on the last attempt are dead, and can be added again', async () => {
    await using plant = await openPlant()
    const args = { kind: 'fit', headId: randomUUID() } as const
    const id = jobId('train', args)
    await plant.jobs.add('train', args)
    await plant.raw.hset(`${plant.prefix}:train:${id}`, 'atm', 2)
    const last: boolean[] = []
    plant.work({
      train: async (_, { lastAttempt }) => {
        last.push(lastAttempt)
        throw testError('passing-fault')
      },
    })
    await until(() => plant.dead.length)
    expect(last).toEqual([true])
    expect(plant.dead).toMatchObject([{ kind: 'train', args, attempts: 3, error: { code: 'passing-fault' } }])
    await vi.waitFor(async () => expect(await plant.raw.exists(`${plant.prefix}:train:${id}`)).toBe(0))
  })

  it('stay in Redis when their death cannot be recorded', async () => {
    await using plant = await openPlant()
    const args = segment()
    let refused = 0
    const onDead = async () => {
      refused += 1
      throw new Error('Postgres is away')
    }
    plant.work({ 'embed-live': () => Promise.reject(testError('lasting-fault')) }, { onDead })
    await plant.jobs.add('embed-live', args)
    await until(() => refused)
    await vi.waitFor(async () => expect((await plant.jobs.counts())['embed-live'].delayed).toBe(1))
  })
})

describe('a worker', () => {
  it('killed in the middle of a job has it recovered by another, as the next attempt', async () => {
    await using plant = await openPlant()
    const args = segment()
    await plant.jobs.add('embed-live', args)
    expect(await killMidJob(plant.prefix)).toEqual({ ...args, attempt: 1 })

    const attempts: number[] = []
    plant.work({ 'embed-live': async (_, { attempt }) => void attempts.push(attempt) })
    await until(() => attempts.length)
    expect(attempts).toEqual([2])
  })

  it('that dies over the same job again and again is not given it for ever', async () => {
    await using plant = await openPlant()
    const args = segment()
    await plant.jobs.add('embed-live', args)
    await plant.raw.hset(`${plant.prefix}:embed-live:${jobId('embed-live', args)}`, 'stc', 5)
    let runs = 0
    plant.work({ 'embed-live': async () => void runs++ })
    await until(() => plant.dead.length)
    expect(runs).toBe(0)
    expect(plant.dead).toMatchObject([
      { args, attempts: 5, error: { code: 'job-attempts-exhausted', details: { stalls: 5 } } },
    ])
  })

  it('goes on after FLUSHALL, with a job in hand and with new ones', async () => {
    await using plant = await openPlant()
    const done: string[] = []
    const entered = Promise.withResolvers<void>()
    const release = Promise.withResolvers<void>()
    const first = segment()
    plant.work({
      'embed-live': async ({ segmentId }) => {
        entered.resolve()
        await release.promise
        done.push(segmentId)
      },
    })
    await plant.jobs.add('embed-live', first)
    await entered.promise
    await plant.raw.flushall()
    release.resolve()
    const second = segment()
    await plant.jobs.add('embed-live', second)
    await until(() => done.includes(second.segmentId))
    // What a sweep does: add again what Postgres still has as pending.
    await plant.jobs.add('embed-live', first)
    await until(() => done.filter(each => each === first.segmentId).length === 2)
    expect(plant.dead).toEqual([])
  })

  it('tells a long job that its lock is lost after FLUSHALL', async () => {
    await using plant = await openPlant()
    let reason: unknown
    plant.work({
      'embed-live': async (_, { signal }) => {
        await plant.raw.flushall()
        await new Promise(resolve => signal.addEventListener('abort', resolve))
        reason = signal.reason
        throw reason
      },
    })
    await plant.jobs.add('embed-live', segment())
    await until(() => reason)
    expect(reason).toMatchObject({ code: 'job-lock-lost' })
    expect(plant.dead).toEqual([])
  })

  it('goes on after Redis was away and came back empty; meanwhile adding fails fast and by name', async () => {
    await using plant = await openPlant()
    const done: string[] = []
    plant.work({ 'embed-live': async ({ segmentId }) => void done.push(segmentId) })
    await plant.jobs.add('embed-live', segment())
    await until(() => done.length === 1)
    await redis.stop()
    await expect(plant.jobs.add('embed-live', segment())).rejects.toMatchObject({
      code: 'jobs-unavailable',
      retryable: true,
    })
    await expect(plant.jobs.check()).rejects.toMatchObject({ code: 'jobs-unavailable' })
    await expect(plant.jobs.counts()).rejects.toMatchObject({ code: 'jobs-unavailable' })
    await redis.start()
    const after = segment()
    await vi.waitFor(() => plant.jobs.add('embed-live', after), { timeout: 20_000, interval: 100 })
    await until(() => done.includes(after.segmentId))
    await expect(plant.jobs.check()).resolves.toBeUndefined()
  })

  it('gives back what it runs when it stops, without counting an attempt', async () => {
    await using plant = await openPlant()
    const stop = new AbortController()
    const entered = Promise.withResolvers<void>()
    const first = plant.work(
      {
        'embed-live': async (_, { signal }) => {
          entered.resolve()
          await sleep(60_000, signal)
          signal.throwIfAborted()
        },
      },
      { signal: stop.signal },
    )
    await plant.jobs.add('embed-live', segment())
    await entered.promise
    stop.abort()
    await first.close()
    expect(await plant.jobs.counts()).toMatchObject({ 'embed-live': { waiting: 1, active: 0 } })

    const attempts: number[] = []
    plant.work({ 'embed-live': async (_, { attempt }) => void attempts.push(attempt) })
    await until(() => attempts.length)
    expect(attempts).toEqual([1])
  })

  it('closes although a job ignores its signal; another worker recovers the job', async () => {
    await using plant = await openPlant()
    const stop = new AbortController()
    const entered = Promise.withResolvers<void>()
    const deaf = plant.work(
      {
        'embed-live': async () => {
          entered.resolve()
          await new Promise(() => undefined)
        },
      },
      { signal: stop.signal, graceMs: 100 },
    )
    await plant.jobs.add('embed-live', segment())
    await entered.promise
    stop.abort()
    await deaf.close()

    const attempts: number[] = []
    plant.work({ 'embed-live': async (_, { attempt }) => void attempts.push(attempt) })
    await until(() => attempts.length)
    expect(attempts).toEqual([2])
  })

  it('closes in bounded time while Redis is away', async () => {
    await using plant = await openPlant()
    const worker = plant.work({ 'embed-live': async () => undefined, train: async () => undefined })
    await plant.jobs.add('embed-live', segment())
    await redis.stop()
    try {
      await worker.close()
      await plant.jobs.close()
    } finally {
      await redis.start()
    }
    // Longer than any wait between two tries to connect: a connection left behind would be back by now.
    await sleep(3000)
    expect(
      String(await plant.raw.client('LIST'))
        .trim()
        .split('\n'),
    ).toHaveLength(1)
  })

  it.each(['redis://:hunter22@', 'redis://someone:hunter22@'])(
    'given a wrong password in %s says so without saying it, and lets go of its connections',
    async credentials => {
      await using plant = await openPlant()
      await plant.raw.config('SET', 'requirepass', 'the-right-one')
      try {
        const redisUrl = redis.url.replace('redis://', credentials)
        const faults: Error[] = []
        const worker = plant.work({ 'embed-live': async () => undefined }, { redisUrl })
        await using jobs = await openJobs({ redisUrl, timeoutMs: 300, onConnectionError: error => faults.push(error) })
        const refusal = await jobs.add('embed-live', segment()).catch((error: unknown) => error)
        expect(refusal).toMatchObject({ code: 'jobs-unavailable', retryable: true })
        await until(() => plant.lines.some(line => line.includes('WRONGPASS')))
        await worker.close()
        expect(plant.lines.join() + inspect(faults, { depth: 9 }) + inspect(refusal, { depth: 9 })).not.toContain(
          'hunter22',
        )
      } finally {
        await plant.raw.config('SET', 'requirepass', '')
      }
    },
  )
})

describe('hostile contents of Redis', () => {
  const hostile: readonly [string, Record<string, string>][] = [
    ['args that are a list', { name: 'embed-live', data: '[1,2]', opts: '{}' }],
    ['args with a path as id', { name: 'embed-live', data: '{"segmentId":"../../etc/passwd"}', opts: '{}' }],
    [
      'args with a payload',
      { name: 'embed-live', data: `{"segmentId":"${randomUUID()}","x":"${'y'.repeat(100_000)}"}`, opts: '{}' },
    ],
    ['args that are null', { name: 'embed-live', data: 'null', opts: '{}' }],
    ['another name', { name: 'rm -rf', data: '{}', opts: '{}' }],
    ['no fields but one', { junk: 'x' }],
    [
      'counters that are no numbers',
      { name: 'x', data: '{}', opts: '{"attempts":"many"}', atm: 'NaN', stc: '-7', timestamp: 'x' },
    ],
    ['good args with a counter that is no number', { data: `{"segmentId":"${randomUUID()}"}`, opts: '{}', atm: 'x' }],
    [
      'options that would retry for ever',
      { name: 'x', data: '{}', opts: '{"attempts":1e9,"removeOnFail":false,"delay":-1}' },
    ],
    ['args that are not JSON', { name: 'embed-live', data: '{"segmentId":', opts: '{}' }],
    ['options that are not JSON', { name: 'embed-live', data: '{}', opts: '}{' }],
    ['options that are null', { name: 'embed-live', data: '{}', opts: 'null' }],
  ]

  it.each(hostile)('such as %s are refused as dead, and the worker works on', async (_, fields) => {
    await using plant = await openPlant()
    const done: string[] = []
    plant.work({ 'embed-live': async ({ segmentId }) => void done.push(segmentId) })
    await plant.raw.hset(`${plant.prefix}:embed-live:hostile`, { timestamp: '1', delay: '0', priority: '0', ...fields })
    await plant.raw.lpush(`${plant.prefix}:embed-live:wait`, 'hostile')
    await plant.raw.zadd(`${plant.prefix}:embed-live:marker`, 0, '0')
    await until(() => plant.dead.length)
    expect(plant.dead).toMatchObject([
      { kind: 'embed-live', args: null, jobId: 'hostile', error: { code: 'job-args-invalid', retryable: false } },
    ])
    await vi.waitFor(async () => expect(await plant.raw.exists(`${plant.prefix}:embed-live:hostile`)).toBe(0))

    const args = segment()
    await plant.jobs.add('embed-live', args)
    await until(() => done.includes(args.segmentId))
    expect((await plant.jobs.counts())['embed-live']).toMatchObject({ waiting: 0 })
  })

  it('such as an id without a job do not stop the worker', async () => {
    await using plant = await openPlant()
    const done: string[] = []
    await plant.raw.lpush(`${plant.prefix}:embed-live:wait`, 'nothing-there')
    plant.work({ 'embed-live': async ({ segmentId }) => void done.push(segmentId) })
    const args = segment()
    await plant.jobs.add('embed-live', args)
    await until(() => done.includes(args.segmentId))
  })
})

describe('backfill', () => {
  it('waits while live work is behind, and runs once that has caught up', async () => {
    await using plant = await openPlant()
    const live = segment()
    await plant.jobs.add('embed-live', live)
    await plant.raw.hset(`${plant.prefix}:embed-live:${jobId('embed-live', live)}`, 'timestamp', Date.now() - 60_000)
    await plant.jobs.add('embed-backfill', segment())
    expect((await plant.jobs.counts())['embed-live'].oldestWaitingAgeSeconds).toBeGreaterThan(59)
    expect(await applyBackfillPolicy(plant.jobs)).toBe(true)

    let backfilled = 0
    const done: string[] = []
    plant.work({ 'embed-backfill': async () => void backfilled++ })
    plant.work({ 'embed-live': async ({ segmentId }) => void done.push(segmentId) })
    await until(() => done.length)
    expect(backfilled).toBe(0)
    await vi.waitFor(async () => expect(await applyBackfillPolicy(plant.jobs)).toBe(false))
    await until(() => backfilled)
  })
})

/** Starts a worker in a process of its own, waits until it is in the middle of a job and kills it. */
const killMidJob = async (prefix: string): Promise<unknown> => {
  const child = spawn(
    process.execPath,
    [fileURLToPath(new URL('worker-process.ts', import.meta.url)), redis.url, prefix],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string]
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
  return JSON.parse(line)
}
