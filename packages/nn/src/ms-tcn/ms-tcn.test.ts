import { constant, float32, gradients, input, slice, sum, type Tensor, type TensorValue } from '@takt/graph'
import { openRuntime, type Runtime } from '@takt/runtime'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { evaluate } from '../../test/evaluate.ts'
import { mapNamed } from '../named.ts'
import { initialLeaf, leafOf, namedLeaves } from '../parameters.ts'
import { declareMsTcn, type MsTcnSpec, msTcn } from './ms-tcn.ts'
import { msTcnLoss } from './ms-tcn-loss.ts'
import { declareStage, type StageSizes, stage } from './stage.ts'
import { truncatedMse } from './truncated-mse.ts'

// A child process takes its time to start on a busy machine.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 })

let runtime: Runtime
beforeAll(async () => {
  runtime = await openRuntime({ provider: 'cpu', threads: 1 })
})
afterAll(() => runtime[Symbol.asyncDispose]())

const spec: MsTcnSpec = { inputs: 2, maps: 4, classes: 3, layers: 3, refinements: 1 }
const waves = (count: number) => Array.from({ length: count }, (_, i) => Math.sin(3 * i + 1))
const ones = (count: number) => constant(float32([1, 1, count], Array(count).fill(1)))
const constants = (values: Readonly<Record<string, TensorValue>>) => leafOf(mapNamed(values, value => constant(value)))

describe('MS-TCN', () => {
  const leaf = constants(namedLeaves<TensorValue>(leaf => declareMsTcn(leaf, spec), initialLeaf(1)))
  const scores = (x: TensorValue, mask: Tensor) => msTcn(declareMsTcn(leaf, spec), constant(x), { mask }).at(-1)!

  test('scores a sequence that is shorter than its batch as it would alone', async () => {
    const rows = [waves(5), waves(9).slice(4)]
    const alone = scores(float32([1, 2, 5], rows.flat()), ones(5))
    const filled = rows.flatMap(row => [...row, 7, 7, 7])
    const inBatch = scores(float32([1, 2, 8], filled), constant(float32([1, 1, 8], [1, 1, 1, 1, 1, 0, 0, 0])))
    const found = await evaluate(runtime, {
      alone,
      start: slice(inBatch, { axis: 2, start: 0, end: 5 }),
      rest: slice(inBatch, { axis: 2, start: 5, end: 8 }),
    })
    expect(found.start).toEqual(found.alone!.map(number => expect.closeTo(number, 6)))
    expect(found.rest).toEqual(Array(9).fill(0))
  })

  test('has the 0.80 million parameters published for 2048 features and the 19 classes of 50Salads', () => {
    const sizes = { inputs: 2048, maps: 64, classes: 19, layers: 10, refinements: 3 }
    const shapes = namedLeaves<readonly number[]>(
      leaf => declareMsTcn(leaf, sizes),
      ({ shape }) => shape,
    )
    const counts = Object.values(shapes).map(shape => shape.reduce((product, size) => product * size, 1))
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(800_396)
  })
})

test('a stage of n layers sees 2ⁿ⁺¹ − 1 time steps', async () => {
  const sizes: StageSizes = { inputs: 1, maps: 8, classes: 2, layers: 3 }
  const leaf = constants(namedLeaves<TensorValue>(leaf => declareStage(leaf, sizes), initialLeaf(2)))
  const times = 31
  const x = input('x', { dtype: 'float32', shape: [1, 1, times] })
  const logits = stage(declareStage(leaf, sizes), x, { mask: ones(times) })
  const [slope] = gradients(sum(slice(logits, { axis: 2, start: 15, end: 16 }), [0, 1, 2]), [x])
  const found = await evaluate(runtime, { slope: slope! }, { x: float32([1, 1, times], waves(times)) })
  const seen = found.slope!.flatMap((number, time) => (number === 0 ? [] : [time]))
  expect([seen[0], seen.at(-1), seen.length]).toEqual([8, 22, 15])
})

describe('the truncated squared error of log-probabilities', () => {
  // One class, whose changes are 1, −3 and 9, of which only 4 count.
  const logs = float32([1, 1, 4], [0, 1, -2, 7])

  test('is of what changes from step to step, up to 4, within the sequence', async () => {
    const whole = truncatedMse(constant(logs), ones(4))
    const cut = truncatedMse(constant(logs), constant(float32([1, 1, 4], [1, 1, 1, 0])))
    expect(await evaluate(runtime, { whole, cut })).toEqual({ whole: [expect.closeTo((1 + 9 + 16) / 3, 5)], cut: [5] })
  })

  test('moves the later step of a change alone, and none of a truncated one', async () => {
    const p = input('p', logs)
    const [slope] = gradients(truncatedMse(p, ones(4)), [p])
    const found = await evaluate(runtime, { slope: slope! }, { p: logs })
    expect(found.slope).toEqual([0, 2 / 3, -6 / 3, 0].map(number => expect.closeTo(number, 6)))
  })
})

test('a time step without a label has no part in the cross-entropy', async () => {
  const mask = ones(3)
  const stages = (last: number) => [constant(float32([1, 2, 3], [1, 1, last, 1, 1, last]))]
  const targets = constant(float32([1, 2, 3], [1, 0, 0, 0, 1, 0]))
  const found = await evaluate(runtime, {
    near: msTcnLoss(stages(1), { targets, mask }),
    far: msTcnLoss(stages(5), { targets, mask }),
  })
  expect(found.near).toEqual([expect.closeTo(Math.LN2, 6)])
  expect(found.far).toEqual([expect.closeTo(Math.LN2, 6)])
})
