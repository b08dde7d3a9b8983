import { gradients, input, sum, type Tensor } from '@takt/graph'
import { openRuntime, type Runtime } from '@takt/runtime'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { gradientError } from '../test/gradient-error.ts'
import { operatorCases } from '../test/operator-cases.ts'
import { ramp } from '../test/plain-tensors.ts'

// A child process takes its time to start on a busy machine.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 })

let runtime: Runtime
beforeAll(async () => {
  runtime = await openRuntime({ provider: 'cpu', threads: 1 })
})
afterAll(() => runtime[Symbol.asyncDispose]())

/** Above the error of the differences, which grows with 1/x³ near the poles of div and log. */
const TOLERANCE = 1e-7

const cases = Object.entries(operatorCases)
type Build = (...leaves: readonly Tensor[]) => Tensor

describe('the gradient of each operator is that of central differences in float64', () => {
  test.each(cases.filter(([, { gradient }]) => gradient !== 'none'))('%s', async (_, { result, shapes }) => {
    const leaves = shapes.map((shape = [], i) => ({ name: 'abc'[i]!, shape, numbers: ramp(shape, 10 * i) }))
    expect(await gradientError(runtime, leaves, result as Build)).toBeLessThan(TOLERANCE)
  })
})

describe('differentiation ends, and says so, at', () => {
  test.each(cases.filter(([, { gradient }]) => gradient === 'none'))('%s', (operator, { result, shapes }) => {
    const leaves = shapes.map((shape = [], i) => input('abc'[i]!, { dtype: 'float64', shape }))
    const y = (result as Build)(...leaves)
    const loss = sum(y, [...y.shape.keys()])
    expect(() => gradients(loss, leaves.slice(0, 1))).toThrow(
      new RegExp(`differentiation ends at\\n(.*\\n)*? *${operator} `),
    )
  })
})
