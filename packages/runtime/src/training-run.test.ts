import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { batchesOf, descent, float32, STEPS, start } from './fixtures/descent.ts'
import { fixtureModel } from './fixtures/fixture-model.ts'
import type { Tensors } from './tensor.ts'
import { openTraining, type TrainingOptions, type TrainingRun } from './training-run.ts'

// Each test starts a process, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 30_000 })

const open = (options: Partial<TrainingOptions> = {}) =>
  openTraining({
    provider: 'cpu',
    threads: 1,
    model: descent,
    from: { step: 0, state: start },
    limitBytes: 1 << 20,
    ...options,
  })

const advance = async (run: TrainingRun, calls: readonly number[]) => {
  const losses: number[] = []
  for (const call of calls) losses.push(...numbers((await run.advance(batchesOf(call))).losses, 'loss'))
  return losses
}

const numbers = (tensors: Tensors, name: string) => [...(tensors[name]!.data as Float32Array)]

test('a call makes its steps, gives the losses of each and what it took, and learns', async () => {
  await using run = await open()
  const first = await run.advance(batchesOf(0))
  expect(first).toEqual({
    step: STEPS,
    losses: { loss: { dtype: 'float32', shape: [STEPS], data: expect.any(Float32Array) } },
    metrics: { runMs: expect.any(Number), cpuSeconds: expect.any(Number), residentBytes: expect.any(Number) },
  })
  expect(numbers(first.losses, 'loss')[0]).toBeCloseTo(lossOf(start, batchesOf(0)), 6)
  const later = await advance(run, Array(20).fill(0))
  expect(later.at(-1)).toBeLessThan(numbers(first.losses, 'loss').at(-1)!)
})

/** Mean (x·wᵀ − target)² of a call's first step, x = frames / 255. */
function lossOf(state: Tensors, { frames, targets }: Tensors): number {
  const weight = numbers(state, 'weight')
  let sum = 0
  for (let row = 0; row < 8; row++) {
    for (let unit = 0; unit < 2; unit++) {
      let y = 0
      for (let i = 0; i < 3; i++) y += (weight[unit * 3 + i]! * Number(frames!.data[row * 3 + i])) / 255
      sum += (y - Number(targets!.data[row * 2 + unit])) ** 2
    }
  }
  return sum / 16
}

test('a run split by a checkpoint and another process gives the bits of the whole run, in losses and state', async () => {
  await using whole = await open()
  const losses = await advance(whole, [0, 1, 2, 3, 4])

  await using before = await open()
  const early = await advance(before, [0, 1])
  const middle = await before.checkpoint()
  expect(middle.step).toBe(2 * STEPS)
  await using after = await open({ from: middle })
  const late = await advance(after, [2, 3, 4])

  expect([...early, ...late]).toEqual(losses)
  expect(await after.checkpoint()).toEqual(await whole.checkpoint())
})

test('restoring goes back to a checkpoint, which later calls have not touched', async () => {
  await using run = await open()
  await advance(run, [0])
  const checkpoint = await run.checkpoint()
  const copy = structuredClone(checkpoint)
  const once = await advance(run, [1, 2])
  expect(checkpoint).toEqual(copy)
  await run.restore(checkpoint)
  expect(await advance(run, [1, 2])).toEqual(once)
})

test('calls made at once are served in their order', async () => {
  await using run = await open()
  const progress = await Promise.all([0, 1, 2].map(call => run.advance(batchesOf(call))))
  await using slow = await open()
  expect(progress.flatMap(({ losses }) => numbers(losses, 'loss'))).toEqual(await advance(slow, [0, 1, 2]))
  expect(progress.map(({ step }) => step)).toEqual([STEPS, 2 * STEPS, 3 * STEPS])
})

test('a loss that is not finite stops the run, names step and tensor, and keeps the state from before the call', async () => {
  await using run = await open()
  await advance(run, [0])
  const before = await run.checkpoint()
  await advance(run, [1])
  await using other = await open({ from: before })
  await advance(other, [1])
  const good = await other.checkpoint()

  const notFinite = {
    code: 'not_finite',
    retryable: false,
    message: 'loss is not finite at step 10',
  }
  // The rate of the call's second step, which is step 9, spoils the loss of step 10.
  await expect(run.advance(batchesOf(2, [0.1, Number.POSITIVE_INFINITY, 0.1, 0.1]))).rejects.toMatchObject(notFinite)
  expect(run.lastCheckpoint).toEqual(good)
  await expect(run.advance(batchesOf(2))).rejects.toMatchObject(notFinite)
  await run.restore(run.lastCheckpoint)
  expect(await advance(run, [2])).toEqual(await advance(other, [2]))
})

test('a state that is not finite behind finite losses stops the run too', async () => {
  await using run = await open()
  await expect(run.advance(batchesOf(0, [0.1, 0.1, 0.1, Number.NaN]))).rejects.toMatchObject({
    code: 'not_finite',
    message: 'next.weight is not finite after steps 0 to 3',
  })
  expect(run.lastCheckpoint).toEqual({ step: 0, state: start })
})

test('a crash of the child stops the run as retryable, and it goes on from its last checkpoint with the same bits', async () => {
  await using whole = await open()
  const losses = await advance(whole, [0, 1, 2])

  await using run = await open()
  await advance(run, [0])
  await run.checkpoint()
  await advance(run, [1])
  const killed = run.childPid!
  const outcome = expect(run.advance(batchesOf(2))).rejects.toMatchObject({ code: 'child_crashed', retryable: true })
  process.kill(killed, 'SIGKILL')
  await outcome
  await expect(run.advance(batchesOf(2))).rejects.toMatchObject({ code: 'child_crashed' })
  await expect(run.checkpoint()).rejects.toMatchObject({ code: 'child_crashed' })

  await run.restore(run.lastCheckpoint)
  expect(run.childPid).not.toBe(killed)
  expect(await advance(run, [1, 2])).toEqual(losses.slice(STEPS))
})

test('a child that dies between calls stops the run, whose state went with it', async () => {
  await using run = await open()
  process.kill(run.childPid!, 'SIGKILL')
  while (run.childPid !== undefined) await sleep(5)
  await expect(run.advance(batchesOf(0))).rejects.toMatchObject({ code: 'child_crashed', retryable: true })
})

test('aborting lets the call in progress finish, keeps its state as the last checkpoint, and ends the child', async () => {
  const controller = new AbortController()
  await using run = await open({ signal: controller.signal })
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
  await using whole = await open()
  await advance(whole, [0])
  expect(run.lastCheckpoint).toEqual(await whole.checkpoint())
  await expect(run.restore(run.lastCheckpoint)).rejects.toMatchObject({ code: 'training_stopped' })
})

test('a child that does not answer within the grace of an abort is killed, and the checkpoint before stands', async () => {
  const controller = new AbortController()
  await using run = await open({ signal: controller.signal, graceMs: 50 })
  process.kill(run.childPid!, 'SIGSTOP')
  const inProgress = run.advance(batchesOf(0))
  controller.abort()
  await expect(inProgress).rejects.toMatchObject({ code: 'child_crashed' })
  await expect(run.advance(batchesOf(0))).rejects.toMatchObject({
    code: 'training_stopped',
    cause: { code: 'child_crashed' },
  })
  expect(run.lastCheckpoint).toEqual({ step: 0, state: start })
})

test('what ran where is known after the first call, the body of the loop included', async () => {
  await using run = await open()
  expect(run.placements).toEqual([])
  await advance(run, [0])
  expect(run.placements.length).toBeGreaterThan(2)
  expect(new Set(run.placements.map(({ provider }) => provider))).toEqual(new Set(['CPUExecutionProvider']))
  expect(run.placements).toContainEqual(expect.objectContaining({ operator: 'Loop', runs: 1 }))
  expect(run.placements.some(({ operator, runs }) => operator === 'ReduceMean' && runs === STEPS)).toBe(true)
})

test('state and batches beyond the memory limit are refused, and the largest is named', async () => {
  await expect(open({ limitBytes: 479 })).rejects.toMatchObject({
    code: 'over_memory_limit',
    retryable: false,
    // 2 · 2 · 24 of state, 96 frames, 256 of targets, 16 of rates, 16 of losses
    message: 'state and batches take 480 bytes and 479 is the limit; the largest is targets with 256',
  })
})

test.each<[string, Tensors, string]>([
  ['lacks a batch', { rates: batchesOf(0).rates! }, 'inputs of a training run: frames uint8[4, 8, 3] is missing'],
  [
    'is of another size',
    { ...batchesOf(0), rates: float32([5], () => 0) },
    'inputs of a training run: rates float32[5] is given for rates float32[4]',
  ],
  [
    'does not fill its shape',
    { ...batchesOf(0), rates: { dtype: 'float32', shape: [4], data: new Float32Array(3) } },
    'inputs of a training run: rates float32[4] has 3 elements',
  ],
  ['sets state', { ...batchesOf(0), ...start }, 'inputs of a training run: the model does not take weight'],
])('a call that %s is refused before it reaches the child, and the run goes on', async (_, inputs, message) => {
  await using run = await open()
  await expect(run.advance(inputs)).rejects.toMatchObject({ code: 'bad_tensors', message })
  expect(await run.advance(batchesOf(0))).toMatchObject({ step: STEPS })
})

test('a checkpoint of another model is refused', async () => {
  await expect(open({ from: { step: 0, state: { weight: start.weight! } } })).rejects.toMatchObject({
    code: 'bad_tensors',
    message: 'state of a training run: velocity float32[2, 3] is missing',
  })
})

test('a model that is no training step, or no model, is refused', async () => {
  await expect(open({ model: await fixtureModel('double') })).rejects.toMatchObject({
    code: 'bad_training_model',
    message: 'model is no training step: none of its outputs is named next.…',
  })
  await expect(open({ model: Buffer.from('not a model') })).rejects.toMatchObject({ code: 'model_refused' })
})

test('a provider that the machine lacks is refused and not replaced', async () => {
  await expect(open({ provider: 'cuda' })).rejects.toMatchObject({ code: 'model_refused', retryable: false })
})

test('a disposed run refuses what comes after', async () => {
  const run = await open()
  await run[Symbol.asyncDispose]()
  await expect(run.advance(batchesOf(0))).rejects.toMatchObject({ code: 'closed' })
  await expect(run.restore({ step: 0, state: start })).rejects.toMatchObject({ code: 'closed' })
})
