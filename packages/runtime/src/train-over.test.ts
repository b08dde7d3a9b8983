import { expect, test, vi } from 'vitest'
import { batchesOf, openDescent, STEPS } from './fixtures/descent.ts'
import { trainOver } from './train-over.ts'

// Each test starts a process, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 30_000 })

async function* calls(count: number) {
  for (let call = 0; call < count; call++) yield batchesOf(call)
}

test('each call is an event, and checkpoints are taken on the way and at the end', async () => {
  await using run = await openDescent()
  const checkpoints: number[] = []
  const steps: number[] = []
  for await (const { step, waitedMs } of trainOver(run, calls(5), { ahead: 2, checkpointEvery: 2 })) {
    expect(waitedMs).toBeGreaterThanOrEqual(0)
    steps.push(step / STEPS)
    checkpoints.push(run.lastCheckpoint.step / STEPS)
  }
  expect(steps).toEqual([1, 2, 3, 4, 5])
  expect(checkpoints).toEqual([0, 2, 2, 4, 4])
  expect(run.lastCheckpoint.step).toBe(5 * STEPS)
})

test('aborting on the way ends the events with a checkpoint of the last one, and the source with them', async () => {
  const controller = new AbortController()
  await using run = await openDescent({ signal: controller.signal })
  let ended = false
  async function* endless() {
    try {
      for (let call = 0; ; call++) yield batchesOf(call)
    } finally {
      ended = true
    }
  }
  const training = async () => {
    for await (const { step } of trainOver(run, endless(), { ahead: 2, checkpointEvery: 100 })) {
      if (step === 3 * STEPS) controller.abort()
    }
  }
  await expect(training()).rejects.toMatchObject({ code: 'training_stopped' })
  expect(run.lastCheckpoint.step).toBe(3 * STEPS)
  expect(ended).toBe(true)
})

test('an error of the source ends the events, and the run can go on', async () => {
  await using run = await openDescent()
  async function* failing() {
    yield batchesOf(0)
    throw new Error('segment is gone')
  }
  const training = () => Array.fromAsync(trainOver(run, failing(), { ahead: 1, checkpointEvery: 100 }))
  await expect(training()).rejects.toThrow('segment is gone')
  expect(await run.advance(batchesOf(1))).toMatchObject({ step: 2 * STEPS })
})
