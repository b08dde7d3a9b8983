import { expect, test, vi } from 'vitest'
import { batchesOf, openDescent, STEPS } from './fixtures/descent.ts'

// Each test starts a process, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 30_000 })

// A machine without a GPU refuses `cuda` at once; here the run is on the CPU, and judged as if CUDA had been asked for.
vi.mock(import('./placement.ts'), async original => {
  const { requireProvider, ...others } = await original()
  return { ...others, requireProvider: placements => requireProvider(placements, 'cuda') }
})

test('a run that fell back to another provider is stopped after its first call, and its state is kept', async () => {
  await using run = await openDescent()
  await expect(run.advance(batchesOf(0))).rejects.toMatchObject({
    code: 'ran_elsewhere',
    retryable: false,
    message: expect.stringMatching(/^not all ran on cuda: .*Loop ran on CPUExecutionProvider/),
  })
  expect(run.lastCheckpoint.step).toBe(STEPS)
  await expect(run.advance(batchesOf(1))).rejects.toMatchObject({ code: 'ran_elsewhere' })
})

test('a run that may fall back goes on and reports what ran where', async () => {
  await using run = await openDescent({ elsewhere: 'report' })
  await run.advance(batchesOf(0))
  expect(await run.advance(batchesOf(1))).toMatchObject({ step: 2 * STEPS })
  expect(run.placements).toContainEqual(expect.objectContaining({ operator: 'Loop', provider: 'CPUExecutionProvider' }))
})
