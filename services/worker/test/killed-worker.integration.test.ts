import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { blobKeys } from '@takt/blobs'
import { childEnvironment, freePort, projectRoot, startRedis, startService } from '@takt/dev-env'
import { decodeSafetensors } from '@takt/onnx'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { adaptEncoder } from '../src/adapt/adapt-encoder.ts'
import { type FilmedStation, startFilmedStation } from './filmed-station.ts'

const stack = new AsyncDisposableStack()
let plant: FilmedStation
beforeAll(async () => {
  plant = stack.use(await startFilmedStation())
})
afterAll(() => stack.disposeAsync())

const memory = 2 ** 27

/** A worker process that finds the adaptations in Postgres by itself: nothing is in Redis. */
async function startWorker() {
  const redis = stack.use(await startRedis({ stateDir: plant.stateDir }))
  const port = await freePort()
  const env = {
    ...{ DATABASE_URL: plant.databaseUrl, REDIS_URL: redis.url, OBJECT_STORE_URL: plant.objects.href },
    ...{ HEALTH_HOST: '127.0.0.1', HEALTH_PORT: String(port) },
    ...{ SWEEP_INTERVAL: '500ms', SWEEP_AFTER: '1ms', JOB_LOCK: '3s', JOB_STALLED_INTERVAL: '2s' },
    ...{ TRAIN_CHECKPOINT_INTERVAL: '300ms', TRAIN_MEMORY: `${memory}B` },
  }
  const entry = join(projectRoot, 'services/worker/src/main.ts')
  const { stateDir } = plant
  return stack.use(
    await startService({ name: 'worker', entry, env: { ...childEnvironment(), ...env }, stateDir, port }),
  )
}

const ask = async (steps: number) => {
  const data = { method: 'video-mae', parentId: plant.encoder.id, budgetMs: 600_000, seed: 3 }
  return (await plant.db.prisma.adaptation.create({ data: { ...data, batch: 2, stepsPerCall: 2, steps } })).id
}
const read = (id: string) => plant.db.prisma.adaptation.findUniqueOrThrow({ where: { id } })
const weightsOf = async (id: string) => {
  const { encoderId } = await read(id)
  return decodeSafetensors(await plant.blobs.get(blobKeys.encoderWeights({ encoder: encoderId! }))).tensors
}

async function until(what: () => Promise<boolean>): Promise<void> {
  while (!(await what())) await sleep(50)
}

test('a worker killed in mid-training is followed by one that goes on from its checkpoint: one encoder, the same to the last bit', async () => {
  const id = await ask(200)
  const worker = await startWorker()
  await until(async () => ((await read(id)).checkpointStep ?? 0) > 0)
  worker.kill('SIGKILL')
  await worker.exited
  const killed = await read(id)
  expect(killed).toMatchObject({ state: 'running', attempts: 1, encoderId: null })
  // The lease ends by itself, after its 20 s.
  await plant.db.prisma.adaptation.update({ where: { id }, data: { leaseUntil: new Date(0) } })
  await worker.restart()
  await until(async () => (await read(id)).state === 'done')
  expect(await read(id)).toMatchObject({ step: 200, attempts: 2, checkpointStep: expect.any(Number) })
  expect(await plant.db.prisma.encoder.count({ where: { parentId: plant.encoder.id } })).toBe(1)
  await worker.stop()

  const whole = await ask(200)
  await adaptEncoder(
    {
      ...{ db: plant.db, blobs: plant.blobs, videoBytes: memory / 2 },
      device: { provider: 'cpu', threads: 1, limitBytes: memory / 2, checkpointEveryMs: 600_000 },
      ...{
        onStarted: () => undefined,
        onProgress: () => undefined,
        onLeftOut: () => undefined,
        onLeaseFault: () => undefined,
      },
    },
    whole,
    new AbortController().signal,
  )
  expect(await weightsOf(id)).toEqual(await weightsOf(whole))
})
