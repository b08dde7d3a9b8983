import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { inspect } from 'node:util'
import { sleep } from '@takt/service/loop'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { jobId, openJobs } from '../src/index.ts'
import { openPlant, segment, until } from './queue-plant.ts'
import { startRedis } from './redis-server.ts'

let redis: Awaited<ReturnType<typeof startRedis>>
beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis[Symbol.asyncDispose]())

describe('a worker', () => {
  it('killed in the middle of a job has it recovered by another, as the next attempt', async () => {
    await using plant = await openPlant(redis.url)
    const args = segment()
    await plant.jobs.add('embed-live', args)
    expect(await killMidJob(plant.prefix)).toEqual({ ...args, attempt: 1 })

    const attempts: number[] = []
    plant.work({ 'embed-live': async (_, { attempt }) => void attempts.push(attempt) })
    await until(() => attempts.length)
    expect(attempts).toEqual([2])
  })

  it('that dies over the same job again and again is not given it for ever', async () => {
    await using plant = await openPlant(redis.url)
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
    await using plant = await openPlant(redis.url)
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
    await using plant = await openPlant(redis.url)
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
    await using plant = await openPlant(redis.url)
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
    await using plant = await openPlant(redis.url)
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
    await using plant = await openPlant(redis.url)
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
    await using plant = await openPlant(redis.url)
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
      await using plant = await openPlant(redis.url)
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
