import { randomUUID } from 'node:crypto'
import { defineErrors } from '@takt/service/errors'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { applyBackfillPolicy, jobId } from '../src/index.ts'
import { openPlant, segment, until } from './queue-plant.ts'
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

describe('jobs', () => {
  it('reach their handler with parsed args, and leave nothing of themselves in Redis', async () => {
    await using plant = await openPlant(redis.url)
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
    await using plant = await openPlant(redis.url)
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
    await using plant = await openPlant(redis.url)
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
    await using plant = await openPlant(redis.url)
    const args = segment()
    plant.work({ 'embed-live': () => Promise.reject(testError('lasting-fault')) })
    await plant.jobs.add('embed-live', args)
    await until(() => plant.dead.length)
    expect(plant.dead).toMatchObject([{ kind: 'embed-live', args, attempts: 1, error: { code: 'lasting-fault' } }])
  })

  it('that fail on the last attempt are dead, and can be added again', async () => {
    await using plant = await openPlant(redis.url)
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
    await using plant = await openPlant(redis.url)
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
    await using plant = await openPlant(redis.url)
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
    await using plant = await openPlant(redis.url)
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
    await using plant = await openPlant(redis.url)
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
