import { add, constant, float32, gradients, input, mul, sum, tensorValue } from '@takt/graph'
import { openRuntime, type Runtime } from '@takt/runtime'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { evaluate } from '../../test/evaluate.ts'
import { rowProjection } from '../layers/row-projection.ts'
import { temporalConv } from '../layers/temporal-conv.ts'
import { confidenceLoss } from './confidence-loss.ts'
import { dropoutFrom, dropoutTableShape } from './dropout-table.ts'

// A child process takes its time to start on a busy machine.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 })

let runtime: Runtime
beforeAll(async () => {
  runtime = await openRuntime({ provider: 'cpu', threads: 1 })
})
afterAll(() => runtime[Symbol.asyncDispose]())

const waves = (count: number) => Array.from({ length: count }, (_, i) => Math.sin(3 * i + 1))

test('rows projected by standardised weights, and the gradients, are those of standardised rows in a convolution', async () => {
  const feeds = {
    weight: float32([2, 3, 1], waves(6)),
    bias: float32([2], [0.5, -0.25]),
    rows: float32([4, 3], waves(12)),
    gain: float32([3], [2, 0.5, -1]),
    offset: float32([3], [0.1, 0.2, 0.3]),
  }
  const fed = (name: keyof typeof feeds) => input(name, feeds[name])
  const layer = { weight: fed('weight'), bias: fed('bias') }
  const direct = rowProjection(layer, { rows: fed('rows'), gain: fed('gain'), offset: fed('offset') })
  const seen = feeds.rows.data as Float32Array
  const columns = Array.from({ length: 12 }, (_, at) => {
    const [channel, time] = [Math.floor(at / 4), at % 4]
    return seen[3 * time + channel]! * Number(feeds.gain.data[channel]) + Number(feeds.offset.data[channel])
  })
  const convolved = temporalConv(layer, constant(float32([1, 3, 4], columns)))
  const slopes = (y: typeof direct) => gradients(sum(mul(y, y), [0, 1, 2]), [layer.weight, layer.bias])
  const found = await evaluate(
    runtime,
    {
      direct,
      convolved,
      directW: slopes(direct)[0]!,
      directB: slopes(direct)[1]!,
      convolvedW: slopes(convolved)[0]!,
      convolvedB: slopes(convolved)[1]!,
    },
    feeds,
  )
  const close = (numbers: readonly number[]) => numbers.map(number => expect.closeTo(number, 5))
  expect(found.direct).toEqual(close(found.convolved!))
  expect(found.directW).toEqual(close(found.convolvedW!))
  expect(found.directB).toEqual(close(found.convolvedB!))
})

describe('the confidence loss', () => {
  // Logits whose log-probabilities are themselves: two classes that sum to 1.
  const rising = [0.2, 0.5, 0.8]
  const logits = float32([1, 2, 3], [...rising.map(Math.log), ...rising.map(p => Math.log(1 - p))])
  const loss = (trend: readonly number[]) => confidenceLoss([constant(logits)], constant(float32([1, 2, 3], trend)))

  test('is what a class falls on the way to its stamp or rises after it, a mean', async () => {
    const found = await evaluate(runtime, {
      drawnNear: loss([0, 1, 1, 0, 0, 0]),
      leftRising: loss([0, -1, -1, 0, 0, 0]),
      both: loss([0, 1, 1, 0, 1, 1]),
      unknown: loss([0, 0, 0, 0, 0, 0]),
    })
    expect(found.drawnNear).toEqual([0])
    expect(found.leftRising).toEqual([expect.closeTo(Math.log(0.8 / 0.2) / 2, 5)])
    expect(found.both).toEqual([expect.closeTo(Math.log(0.8 / 0.2) / 4, 5)])
    expect(found.unknown).toEqual([0])
  })
})

test('layers drop by one table, each shifted a step further, and double what they keep', async () => {
  const sizes = { maps: 2, times: 3, layers: 2 }
  const shape = dropoutTableShape(sizes)
  expect(shape).toEqual([1, 2, 5])
  const drop = dropoutFrom(constant(tensorValue({ dtype: 'uint8', shape }, [1, 0, 1, 1, 0, 0, 1, 0, 0, 1])))
  const ones = constant(float32([1, 2, 3], Array(6).fill(1)))
  const found = await evaluate(runtime, { first: drop(ones), second: drop(add(ones, ones)) })
  expect(found.first).toEqual([2, 0, 2, 0, 2, 0])
  expect(found.second).toEqual([0, 4, 4, 4, 0, 0])
})
