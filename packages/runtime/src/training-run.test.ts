import { readdirSync, readFileSync } from 'node:fs'
import { expect, test, vi } from 'vitest'
import { batchesOf, descend, float32, numbersOf, openDescent, STEPS, start } from './fixtures/descent.ts'
import { fixtureModel } from './fixtures/fixture-model.ts'
import type { Tensors } from './tensor.ts'

// Each test starts a process, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 30_000 })

test('a call makes its steps, gives the losses of each and what it took, and learns', async () => {
  await using run = await openDescent()
  const first = await run.advance(batchesOf(0))
  expect(first).toEqual({
    step: STEPS,
    losses: { loss: { dtype: 'float32', shape: [STEPS], data: expect.any(Float32Array) } },
    metrics: { runMs: expect.any(Number), cpuSeconds: expect.any(Number), residentBytes: expect.any(Number) },
  })
  expect(numbersOf(first.losses, 'loss')[0]).toBeCloseTo(lossOf(start, batchesOf(0)), 6)
  const later = await descend(run, Array(20).fill(0))
  expect(later.at(-1)).toBeLessThan(numbersOf(first.losses, 'loss').at(-1)!)
})

/** Mean (x·wᵀ − target)² of a call's first step, x = frames / 255. */
function lossOf(state: Tensors, { frames, targets }: Tensors): number {
  const weight = numbersOf(state, 'weight')
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
  await using whole = await openDescent()
  const losses = await descend(whole, [0, 1, 2, 3, 4])

  await using before = await openDescent()
  const early = await descend(before, [0, 1])
  const middle = await before.checkpoint()
  expect(middle.step).toBe(2 * STEPS)
  await using after = await openDescent({ from: middle })
  const late = await descend(after, [2, 3, 4])

  expect([...early, ...late]).toEqual(losses)
  expect(await after.checkpoint()).toEqual(await whole.checkpoint())
})

test('restoring goes back to a checkpoint, which later calls have not touched', async () => {
  await using run = await openDescent()
  await descend(run, [0])
  const checkpoint = await run.checkpoint()
  const copy = structuredClone(checkpoint)
  const once = await descend(run, [1, 2])
  expect(checkpoint).toEqual(copy)
  await run.restore(checkpoint)
  expect(await descend(run, [1, 2])).toEqual(once)
})

test('calls made at once are served in their order', async () => {
  await using run = await openDescent()
  const progress = await Promise.all([0, 1, 2].map(call => run.advance(batchesOf(call))))
  await using slow = await openDescent()
  expect(progress.flatMap(({ losses }) => numbersOf(losses, 'loss'))).toEqual(await descend(slow, [0, 1, 2]))
  expect(progress.map(({ step }) => step)).toEqual([STEPS, 2 * STEPS, 3 * STEPS])
})

test('what ran where is known after the first call, the body of the loop included', async () => {
  await using run = await openDescent()
  expect(run.placements).toEqual([])
  await descend(run, [0])
  expect(run.placements.length).toBeGreaterThan(2)
  expect(new Set(run.placements.map(({ provider }) => provider))).toEqual(new Set(['CPUExecutionProvider']))
  expect(run.placements).toContainEqual(expect.objectContaining({ operator: 'Loop', runs: 1 }))
  expect(run.placements.some(({ operator, runs }) => operator === 'ReduceMean' && runs === STEPS)).toBe(true)
})

test('state and batches beyond the memory limit are refused, and the largest is named', async () => {
  await expect(openDescent({ limitBytes: 479 })).rejects.toMatchObject({
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
  await using run = await openDescent()
  await expect(run.advance(inputs)).rejects.toMatchObject({ code: 'bad_tensors', message })
  expect(await run.advance(batchesOf(0))).toMatchObject({ step: STEPS })
})

test('a checkpoint of another model is refused', async () => {
  await expect(openDescent({ from: { step: 0, state: { weight: start.weight! } } })).rejects.toMatchObject({
    code: 'bad_tensors',
    message: 'state of a training run: velocity float32[2, 3] is missing',
  })
})

test('a model that is no training step, or no model, is refused', async () => {
  await expect(openDescent({ model: await fixtureModel('double') })).rejects.toMatchObject({
    code: 'bad_training_model',
    message: 'model is no training step: none of its outputs is named next.…',
  })
  await expect(openDescent({ model: Buffer.from('not a model') })).rejects.toMatchObject({ code: 'model_refused' })
})

test('a provider that the machine lacks is refused and not replaced', async () => {
  await expect(openDescent({ provider: 'cuda' })).rejects.toMatchObject({ code: 'model_refused', retryable: false })
})

test('a disposed run refuses what comes after', async () => {
  const run = await openDescent()
  await run[Symbol.asyncDispose]()
  await expect(run.advance(batchesOf(0))).rejects.toMatchObject({ code: 'closed' })
  await expect(run.restore({ step: 0, state: start })).rejects.toMatchObject({ code: 'closed' })
})

test('a run that is to give way does so with every thread that computes', async () => {
  await using run = await openDescent({ niceness: 10, threads: 2 })
  await descend(run, [0])
  const niceness = readdirSync(`/proc/${run.childPid}/task`).map(task =>
    Number(readFileSync(`/proc/${run.childPid}/task/${task}/stat`, 'utf8').split(') ').at(-1)!.split(' ')[16]),
  )
  // Node's own threads are there before; the child's main thread and the native library's are the ones that compute.
  expect(niceness.filter(value => value === 10).length).toBeGreaterThanOrEqual(2)
})
