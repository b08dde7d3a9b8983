import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test, vi } from 'vitest'
import { batchesOf, descend, float32, openDescent, STEPS, start } from './fixtures/descent.ts'

// Each test starts a process, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 30_000 })

test('a loss that is not finite stops the run, names step and tensor, and keeps the state from before the call', async () => {
  await using run = await openDescent()
  await descend(run, [0])
  const before = await run.checkpoint()
  await descend(run, [1])
  await using other = await openDescent({ from: before })
  await descend(other, [1])
  const good = await other.checkpoint()

  const notFinite = {
    code: 'not_finite',
    retryable: false,
    message: 'loss is not finite at step 10',
  }
  // The rate of the call's second step, which is step 9, takes the loss of step 10 beyond float32.
  await expect(run.advance(batchesOf(2, [0.1, 1e38, 0.1, 0.1]))).rejects.toMatchObject(notFinite)
  expect(run.lastCheckpoint).toEqual(good)
  await expect(run.advance(batchesOf(2))).rejects.toMatchObject(notFinite)
  await run.restore(run.lastCheckpoint)
  expect(await descend(run, [2])).toEqual(await descend(other, [2]))
})

test('what a call is brought is refused by step and tensor if it is not finite, and the state is kept', async () => {
  await using run = await openDescent()
  await expect(run.advance(batchesOf(0, [0.1, 0.1, 0.1, Number.NaN]))).rejects.toMatchObject({
    code: 'not_finite',
    message: 'rates is not finite at step 3',
  })
  expect(run.lastCheckpoint).toEqual({ step: 0, state: start })
})

describe('a state that is no longer finite behind finite losses', () => {
  const from = { step: 0, state: { ...start, velocity: float32([2, 3], () => 100) } }
  /** The last step takes the weights beyond float32. */
  const spoiling = batchesOf(0, [1e-6, 1e-6, 1e-6, 3e38])

  test('makes no checkpoint and stops the run', async () => {
    await using run = await openDescent({ from })
    await run.advance(spoiling)
    const spoilt = { code: 'not_finite', message: 'next.weight is not finite after steps 0 to 3' }
    await expect(run.checkpoint()).rejects.toMatchObject(spoilt)
    expect(run.lastCheckpoint).toBe(from)
    await expect(run.advance(batchesOf(1))).rejects.toMatchObject(spoilt)
  })

  test('spoils the next loss, and the checkpoint before both stands', async () => {
    await using run = await openDescent({ from })
    await run.advance(spoiling)
    const spoilt = { code: 'not_finite', message: 'loss is not finite at step 4' }
    await expect(run.advance(batchesOf(1))).rejects.toMatchObject(spoilt)
    expect(run.lastCheckpoint).toBe(from)
  })
})

test('a crash of the child stops the run as retryable, and it goes on from its last checkpoint with the same bits', async () => {
  await using whole = await openDescent()
  const losses = await descend(whole, [0, 1, 2])

  await using run = await openDescent()
  await descend(run, [0])
  await run.checkpoint()
  await descend(run, [1])
  const killed = run.childPid!
  const outcome = expect(run.advance(batchesOf(2))).rejects.toMatchObject({ code: 'child_crashed', retryable: true })
  process.kill(killed, 'SIGKILL')
  await outcome
  await expect(run.advance(batchesOf(2))).rejects.toMatchObject({ code: 'child_crashed' })
  await expect(run.checkpoint()).rejects.toMatchObject({ code: 'child_crashed' })

  await run.restore(run.lastCheckpoint)
  expect(run.childPid).not.toBe(killed)
  expect(await descend(run, [1, 2])).toEqual(losses.slice(STEPS))
})

test('a child that dies between calls stops the run, whose state went with it', async () => {
  await using run = await openDescent()
  process.kill(run.childPid!, 'SIGKILL')
  while (run.childPid !== undefined) await sleep(5)
  await expect(run.advance(batchesOf(0))).rejects.toMatchObject({ code: 'child_crashed', retryable: true })
})

test('aborting lets the call in progress finish, keeps its state as the last checkpoint, and ends the child', async () => {
  const controller = new AbortController()
  await using run = await openDescent({ signal: controller.signal })
  const inProgress = run.advance(batchesOf(0))
  controller.abort(new Error('enough'))
  expect(await inProgress).toMatchObject({ step: STEPS })
  await expect(run.advance(batchesOf(1))).rejects.toMatchObject({
    code: 'training_stopped',
    retryable: false,
    message: 'training was stopped; the last checkpoint is at step 4',
    cause: { message: 'enough' },
  })
  expect(run.childPid).toBeUndefined()
  await using whole = await openDescent()
  await descend(whole, [0])
  expect(run.lastCheckpoint).toEqual(await whole.checkpoint())
  await expect(run.restore(run.lastCheckpoint)).rejects.toMatchObject({ code: 'training_stopped' })
})

test('a child that does not answer within the grace of an abort is killed, and the checkpoint before stands', async () => {
  const controller = new AbortController()
  await using run = await openDescent({ signal: controller.signal, graceMs: 50 })
  process.kill(run.childPid!, 'SIGSTOP')
  const inProgress = run.advance(batchesOf(0))
  controller.abort()
  const stopped = { code: 'training_stopped', retryable: false, cause: { code: 'child_crashed' } }
  await expect(inProgress).rejects.toMatchObject(stopped)
  await expect(run.advance(batchesOf(0))).rejects.toMatchObject(stopped)
  expect(run.lastCheckpoint).toEqual({ step: 0, state: start })
})

test('disposing kills a child that does not answer within the grace, and what was in progress is closed', async () => {
  const run = await openDescent({ graceMs: 50 })
  process.kill(run.childPid!, 'SIGSTOP')
  const outcome = expect(run.advance(batchesOf(0))).rejects.toMatchObject({ code: 'closed' })
  await run[Symbol.asyncDispose]()
  await outcome
  expect(run.childPid).toBeUndefined()
})
