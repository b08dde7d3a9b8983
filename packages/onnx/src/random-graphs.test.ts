import { openRuntime, type Runtime } from '@takt/runtime'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { gradientError } from '../test/gradient-error.ts'
import { ramp } from '../test/plain-tensors.ts'
import { programsOf, runProgram, SIZE, smooth } from '../test/random-graphs.ts'

// A child process takes its time to start on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 30_000 })

let runtime: Runtime
beforeAll(async () => {
  runtime = await openRuntime({ provider: 'cpu', threads: 1 })
})
afterAll(() => runtime[Symbol.asyncDispose]())

const leaves = ['a', 'b'].map((name, i) => ({ name, shape: [SIZE, SIZE], numbers: ramp([SIZE, SIZE], 10 * i) }))

test('the gradient of any composition of operators is that of central differences in float64, to within 1e-6', async () => {
  await fc.assert(
    fc.asyncProperty(programsOf(smooth), async steps => {
      const error = await gradientError(runtime, leaves, (...tensors) => runProgram(smooth, steps, tensors))
      expect(error).toBeLessThan(1e-6)
    }),
    { numRuns: 40 },
  )
})
