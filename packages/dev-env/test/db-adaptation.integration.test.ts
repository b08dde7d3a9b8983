import {
  adaptationsToRun,
  claimAdaptation,
  type Database,
  finishAdaptation,
  giveBackAdaptation,
  recordAdaptationFailed,
  recordCheckpoint,
  renewLease,
  requestStop,
  settlePlan,
  stopAdaptation,
} from '@takt/db'
import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest'
import { addEncoder, startDatabase } from './database.ts'

const stack = new AsyncDisposableStack()
let db: Database
let parent: string
beforeAll(async () => {
  db = stack.use(await startDatabase()).db
  parent = (await addEncoder(db, 'parent')).id
})
afterAll(() => stack.disposeAsync())

let adaptation: string
beforeEach(async () => {
  const row = await db.prisma.adaptation.create({
    data: { method: 'video-mae', parentId: parent, budgetMs: 60_000, seed: 1 },
  })
  adaptation = row.id
})

const lease = (holder = crypto.randomUUID()) => ({ adaptation, holder })
const read = () => db.prisma.adaptation.findUniqueOrThrow({ where: { id: adaptation } })
const progress = { step: 8, losses: [{ step: 8, loss: 0.5 }], trainedMs: 1234.5 }
const dies = () =>
  db.pool.query(`update adaptation set lease_until = now() - interval '1 s' where id = $1`, [adaptation])
const swept = async () =>
  (await adaptationsToRun(db, { olderThan: new Date(Date.now() + 1000), limit: 1000 })).includes(adaptation)
const encoder = () => ({ id: adaptation, name: `made by ${adaptation}`, weightsKey: 'w', learntFrom: { steps: 8 } })

describe('an adaptation', () => {
  it('that several workers want at once is taken by one', async () => {
    const taken = await Promise.all(Array.from({ length: 8 }, () => claimAdaptation(db, lease())))
    expect(taken.filter(work => work !== null)).toMatchObject([{ id: adaptation, parent: { id: parent }, plan: null }])
    expect(await read()).toMatchObject({ state: 'running', attempts: 1 })
    expect(await swept()).toBe(false)
  })

  it('whose worker died is put back on the queue and taken by the next, which goes on from the checkpoint', async () => {
    const first = lease()
    const started = (await claimAdaptation(db, first))!.startedAtMs
    await settlePlan(db, first, { batch: 8, stepsPerCall: 4, steps: 100 })
    await recordCheckpoint(db, first, 40)
    await dies()
    expect(await swept()).toBe(true)
    expect(await claimAdaptation(db, lease())).toMatchObject({
      startedAtMs: started,
      plan: { batch: 8, stepsPerCall: 4, steps: 100 },
      checkpointStep: 40,
    })
  })

  it('counts nothing of what a worker does that has lost it', async () => {
    const first = lease()
    await claimAdaptation(db, first)
    await dies()
    const second = lease()
    await claimAdaptation(db, second)
    expect(await renewLease(db, first, progress)).toBe('lost')
    expect(await recordCheckpoint(db, first, 8)).toBe(false)
    expect(await finishAdaptation(db, first, encoder())).toBe(false)
    await giveBackAdaptation(db, first)
    await stopAdaptation(db, first)
    await settlePlan(db, first, { batch: 1, stepsPerCall: 1, steps: 1 })
    expect(await read()).toMatchObject({
      state: 'running',
      leaseHolder: second.holder,
      step: 0,
      checkpointStep: null,
      steps: null,
    })
    expect(await db.prisma.encoder.count({ where: { id: adaptation } })).toBe(0)
  })

  it('is laid out once', async () => {
    const held = lease()
    await claimAdaptation(db, held)
    await settlePlan(db, held, { batch: 8, stepsPerCall: 4, steps: 100 })
    await settlePlan(db, held, { batch: 2, stepsPerCall: 1, steps: 7 })
    expect(await read()).toMatchObject({ batch: 8, stepsPerCall: 4, steps: 100 })
  })

  it('that is done is one new encoder with its parent, and nothing takes it again', async () => {
    const held = lease()
    await claimAdaptation(db, held)
    expect(await renewLease(db, held, progress)).toBe('held')
    expect(await finishAdaptation(db, held, encoder())).toBe(true)
    expect(await finishAdaptation(db, held, encoder())).toBe(false)
    expect(await read()).toMatchObject({
      state: 'done',
      encoderId: adaptation,
      step: 8,
      trainedMs: 1235,
      losses: progress.losses,
    })
    expect(await db.prisma.encoder.findUnique({ where: { id: adaptation } })).toMatchObject({
      parentId: parent,
      method: 'video-mae',
      serving: false,
      scores: {},
      learntFrom: { steps: 8 },
    })
    expect(await claimAdaptation(db, lease())).toBeNull()
    await recordAdaptationFailed(db, adaptation, 'too late')
    expect(await read()).toMatchObject({ state: 'done', error: null })
  })

  it('that is given back is free at once', async () => {
    const held = lease()
    await claimAdaptation(db, held)
    await giveBackAdaptation(db, held)
    expect(await swept()).toBe(true)
    expect(await claimAdaptation(db, lease())).toMatchObject({ id: adaptation })
  })

  it('that failed says why, and is over for whoever still trains it', async () => {
    const held = lease()
    await claimAdaptation(db, held)
    await recordAdaptationFailed(db, adaptation, 'loss is not finite at step 3')
    expect(await read()).toMatchObject({ state: 'failed', error: 'loss is not finite at step 3' })
    expect(await renewLease(db, held, progress)).toBe('lost')
    expect(await swept()).toBe(false)
  })
})

describe('asked to stop', () => {
  test('what nobody trains is stopped at once', async () => {
    await requestStop(db, adaptation)
    expect(await read()).toMatchObject({ state: 'stopped' })
    expect(await claimAdaptation(db, lease())).toBeNull()
    await requestStop(db, adaptation)
  })

  test('what is trained hears of it with its next report', async () => {
    const held = lease()
    await claimAdaptation(db, held)
    await requestStop(db, adaptation)
    expect(await read()).toMatchObject({ state: 'running' })
    expect(await renewLease(db, held, progress)).toBe('stop')
    await stopAdaptation(db, held)
    expect(await read()).toMatchObject({ state: 'stopped', step: 8, leaseHolder: null })
  })

  test('what a worker died over is stopped by the next one that comes for it', async () => {
    await claimAdaptation(db, lease())
    await requestStop(db, adaptation)
    await dies()
    expect(await claimAdaptation(db, lease())).toBeNull()
    expect(await read()).toMatchObject({ state: 'stopped', leaseHolder: null })
  })

  test('what is over is refused, and so is what never was', async () => {
    await recordAdaptationFailed(db, adaptation, 'x')
    await expect(requestStop(db, adaptation)).rejects.toMatchObject({ code: 'adaptation-over', status: 409 })
    await expect(requestStop(db, crypto.randomUUID())).rejects.toMatchObject({
      code: 'adaptation-unknown',
      status: 404,
    })
  })
})

test('Postgres itself refuses an adaptation that is done without an encoder, or held while nobody trains it', async () => {
  await expect(db.pool.query(`update adaptation set state = 'done' where id = $1`, [adaptation])).rejects.toThrow(
    'adaptation_state',
  )
  await expect(
    db.pool.query('update adaptation set lease_holder = $1, lease_until = now() where id = $1', [adaptation]),
  ).rejects.toThrow('adaptation_lease')
})
