import { describe, expect, test } from 'vitest'
import { gradients } from '../gradients.ts'
import { traceGraph } from '../graph.ts'
import { printGraph } from '../print-graph.ts'
import type { Tensor } from '../tensor.ts'
import type { DType, Shape } from '../tensor-value.ts'
import { add } from './add.ts'
import { input } from './input.ts'
import { loop } from './loop.ts'
import { mul } from './mul.ts'
import { reshape } from './reshape.ts'
import { scalar } from './scalar.ts'
import { sub } from './sub.ts'
import { sum } from './sum-and-expand.ts'

const leaf = (name: string, shape: Shape, dtype: DType = 'float32') => input(name, { dtype, shape })

test('gradient descent in a loop reads as what one step does', () => {
  const { last, collected } = loop({
    trips: 4,
    initial: { weight: leaf('start', [3]) },
    each: { batch: leaf('batches', [4, 3]) },
    fixed: { rate: leaf('learningRate', []) },
    step: ({ weight }, { batch }, { rate }) => {
      const error = sub(weight, batch)
      const loss = sum(mul(error, error), [0])
      const [slope] = gradients(loss, [weight])
      return { next: { weight: sub(weight, mul(rate, slope!)) }, collected: { loss } }
    },
  })
  expect(printGraph(traceGraph({ weight: last.weight, losses: collected.loss }))).toMatchInlineSnapshot(`
    "start: float32[3] = input()
    batches: float32[4, 3] = input()
    learningRate: float32[] = input()
    %0: float32[3] = loop(trips: 4, state: (weight: start), each: (batch: batches), fixed: (rate: learningRate), result: next.weight) {
      weight: float32[3] = input()
      rate: float32[] = input()
      %0: float32[] = constant(1)
      %1: float32[1] = reshape(%0)
      %2: float32[3] = expand(%1)
      batch: float32[3] = input()
      %3: float32[3] = sub(weight, batch)
      %4: float32[3] = mul(%2, %3)
      %5: float32[3] = mul(%2, %3)
      %6: float32[3] = add(%4, %5)
      %7: float32[3] = mul(rate, %6)
      %8: float32[3] = sub(weight, %7)
      %9: float32[3] = mul(%3, %3)
      %10: float32[] = sum(%9, axes: [0])
      return next.weight = %8
      return collected.loss = %10
    }
    %1: float32[4] = %0's collected.loss
    return weight = %0
    return losses = %1"
  `)
})

describe('a loop is refused when', () => {
  const state = leaf('state', [2])
  const refusals: readonly (readonly [name: string, expected: string, step: (state: Tensor) => Tensor])[] = [
    ['its state changes shape', `a step's next "total" is not float32[2]`, total => reshape(total, [1, 2])],
    ['its step uses what is outside', 'a step uses "state" from outside; pass it by "each" or "fixed"', () => state],
    ['its step takes another type than it is given', 'a step takes another "total"', () => leaf('total', [2], 'int64')],
  ]
  test.each(refusals)('%s', (_, expected, step) => {
    const make = () =>
      loop({
        trips: 2,
        initial: { total: state },
        each: {},
        fixed: {},
        step: ({ total }) => ({ next: { total: step(total) }, collected: {} }),
      })
    expect(make).toThrow(expected)
  })

  const keep = { fixed: {}, step: ({ total }: { readonly total: Tensor }) => ({ next: { total }, collected: {} }) }
  test('it makes no trip', () => {
    expect(() => loop({ trips: 0, initial: { total: state }, each: {}, ...keep })).toThrow('loop: makes 0 trips')
  })

  test('a stack is of another length than it makes trips', () => {
    const make = () => loop({ trips: 2, initial: { total: state }, each: { part: leaf('parts', [3]) }, ...keep })
    expect(make).toThrow('stack "part" does not hold 2 along its first axis')
  })

  test('two of its leaves have one name', () => {
    const make = () => loop({ trips: 2, initial: { total: state }, each: { total: leaf('parts', [2]) }, ...keep })
    expect(make).toThrow('names total, total are not distinct')
  })
})

test('nothing is differentiated through a loop', () => {
  const start = leaf('start', [])
  const { last } = loop({
    trips: 2,
    initial: { x: start },
    each: {},
    fixed: {},
    step: ({ x }) => ({ next: { x: add(x, scalar(1)) }, collected: {} }),
  })
  expect(() => gradients(last.x, [start])).toThrow(/differentiation ends at\n {2}loop float32/)
})
