import {
  constant,
  float32,
  input,
  loop,
  type Shape,
  scalar,
  type TensorValue,
  tensorValue,
  toNumbers,
  traceGraph,
} from '@takt/graph'
import { emitModel } from '@takt/onnx'
import { openRuntime, type Runtime } from '@takt/runtime'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { evaluate } from '../../test/evaluate.ts'
import { type PlainOptimiser, plainAdamW, plainLars, plainSgd } from '../../test/plain-optimisers.ts'
import { mapNamed, type Named, namesBelow, prefixNames } from '../named.ts'
import { random } from '../random.ts'
import { adamW } from './adamw.ts'
import { lars } from './lars.ts'
import type { Optimiser } from './optimiser.ts'
import { decayLayers } from './parameter-groups.ts'
import { sgd } from './sgd.ts'

// A child process takes its time to start on a busy machine.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 })

let runtime: Runtime
beforeAll(async () => {
  runtime = await openRuntime({ provider: 'cpu', threads: 1 })
})
afterAll(() => runtime[Symbol.asyncDispose]())

type Precision = 'float32' | 'float64'

const STEPS = 20
const DECAY = 0.05
const draw = (seed: number, shape: Shape) => {
  const next = random(seed, shape.join())
  return Array.from({ length: shape.reduce((count, size) => count * size, 1) }, () => 2 * next() - 1)
}

/** Weights with decay and biases without, of layers whose rates differ by ½; one weight starts at zero. */
const shapes: Named<Shape> = {
  'patch.weight': [2, 3],
  'patch.bias': [2],
  'blocks.0.mlp.weight': [3, 2],
  'norm.weight': [3],
  'head.weight': [2, 2],
}
const rateScales: Named<number> = {
  'patch.weight': 0.25,
  'patch.bias': 0.25,
  'blocks.0.mlp.weight': 0.5,
  'norm.weight': 1,
  'head.weight': 1,
}
const isDecayed = (name: string) => shapes[name]!.length > 1
const grouping = decayLayers({ depth: 1, factor: 0.5 })

const starts = mapNamed(shapes, (shape, name) => draw(1, shape).map(x => (name === 'head.weight' ? 0 : x)))
const slopes = mapNamed(shapes, shape => draw(2, [STEPS, ...shape]))
const rates = Array.from({ length: STEPS }, (_, i) => 0.01 * (i + 1))

/** All steps in one run of a loop. */
async function run(optimiser: Optimiser, dtype: Precision): Promise<Named<readonly number[]>> {
  const parameters = mapNamed(starts, (start, name) => tensorValue({ dtype, shape: shapes[name]! }, start))
  const state = optimiser.initialState(parameters)
  const each: Named<TensorValue> = {
    ...prefixNames(
      'g.',
      mapNamed(slopes, (slope, name) => tensorValue({ dtype, shape: [STEPS, ...shapes[name]!] }, slope)),
    ),
    rate: tensorValue({ dtype, shape: [STEPS] }, rates),
    step: tensorValue(
      { dtype, shape: [STEPS] },
      [...rates.keys()].map(i => i + 1),
    ),
  }
  const decay = tensorValue({ dtype, shape: [] }, [DECAY])
  const feeds = { ...prefixNames('p.', parameters), ...prefixNames('s.', state), ...prefixNames('e.', each), decay }
  const leaves = mapNamed(feeds, (value, name) => input(name, value))

  const { last } = loop<string, string, 'decay', never>({
    trips: STEPS,
    initial: { ...prefixNames('p.', namesBelow('p.', leaves)), ...prefixNames('s.', namesBelow('s.', leaves)) },
    each: namesBelow('e.', leaves),
    fixed: { decay: leaves.decay! },
    step: (state, { rate, step, ...each }, { decay }) => {
      const next = optimiser.step({
        parameters: namesBelow('p.', state),
        gradients: namesBelow('g.', each),
        state: namesBelow('s.', state),
        rate: rate!,
        decay,
        step: step!,
      })
      return { next: { ...prefixNames('p.', next.parameters), ...prefixNames('s.', next.state) }, collected: {} }
    },
  })
  const session = await runtime.load(emitModel(traceGraph(prefixNames('last.', namesBelow('p.', last))), {}))
  const outputs = await runtime.run(session, feeds)
  return mapNamed(namesBelow('last.', outputs), value => toNumbers(value as TensorValue))
}

function runPlainly(optimiserOf: (name: string) => PlainOptimiser): Named<readonly number[]> {
  return mapNamed(starts, (start, name) => {
    const optimiser = optimiserOf(name)
    let p: readonly number[] = start
    for (const [i, rate] of rates.entries()) {
      const g = slopes[name]!.slice(i * p.length, (i + 1) * p.length)
      const decay = isDecayed(name) ? DECAY : 0
      p = optimiser({ p, g, rate: rate * rateScales[name]!, decay, t: i + 1 })
    }
    return p
  })
}

function largestDifference(a: Named<readonly number[]>, b: Named<readonly number[]>): number {
  expect(Object.keys(a)).toEqual(Object.keys(b))
  return Math.max(...Object.keys(a).flatMap(name => a[name]!.map((value, i) => Math.abs(value - b[name]![i]!))))
}

const optimisers: Named<readonly [Optimiser, (name: string) => PlainOptimiser]> = {
  AdamW: [adamW({ beta2: 0.95, grouping }), () => plainAdamW(0.9, 0.95, 1e-8)],
  SGD: [sgd({ momentum: 0.9, grouping }), () => plainSgd(0.9)],
  LARS: [lars({ trust: 0.1, grouping }), name => plainLars(0.9, 0.1, isDecayed(name))],
}

describe.each(Object.entries(optimisers))('20 steps of %s in one run', (_, [optimiser, optimiserOf]) => {
  test.each([
    ['float64', 1e-13],
    ['float32', 1e-6],
  ] as const)('end in %s where the paper does, to within %d', async (dtype, bound) => {
    const [found, expected] = [await run(optimiser, dtype), runPlainly(optimiserOf)]
    expect(largestDifference(found, expected)).toBeLessThan(bound)
    expect(largestDifference(starts, expected)).toBeGreaterThan(0.05)
  })
})

test('in float32, the bias correction of β₂ = .999 keeps the first steps to six digits', async () => {
  const found = await run(adamW({ grouping }), 'float32')
  expect(
    largestDifference(
      found,
      runPlainly(() => plainAdamW(0.9, 0.999, 1e-8)),
    ),
  ).toBeLessThan(1e-6)
})

test('LARS leaves weights without gradient and decay as they are', async () => {
  const leaf = (numbers: readonly number[]) => constant(float32([numbers.length], numbers))
  const zero = leaf([0, 0])
  const { parameters } = lars({ grouping: () => ({ decayed: true, rateScale: 1 }) }).step({
    parameters: { w: leaf([3, 4]) },
    gradients: { w: zero },
    state: { 'velocity.w': zero },
    rate: scalar(1),
    decay: scalar(0),
    step: scalar(1),
  })
  expect(await evaluate(runtime, parameters)).toEqual({ w: [3, 4] })
})

test('gradients or state of other parameters are refused by name', () => {
  const tensor = (name: string) => input(name, { dtype: 'float32', shape: [2] })
  const number = (name: string) => input(name, { dtype: 'float32', shape: [] })
  const [rate, decay, step] = ['rate', 'decay', 'step'].map(number) as [never, never, never]
  const inputs = { parameters: { a: tensor('a'), b: tensor('b') }, state: {}, rate, decay, step }
  const gradients = { a: tensor('a'), c: tensor('c') }
  for (const optimiser of [adamW(), sgd(), lars()]) {
    expect(() => optimiser.step({ ...inputs, gradients })).toThrow(
      'gradients do not match the parameters; missing: "b"; unexpected: "c"',
    )
    expect(() => optimiser.step({ ...inputs, gradients: inputs.parameters })).toThrow(/missing: "a", "b"/)
  }
})
