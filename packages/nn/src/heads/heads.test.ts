import { constant, float32, type Shape, type Tensor, type TensorValue } from '@takt/graph'
import { openRuntime, type Runtime } from '@takt/runtime'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { evaluate } from '../../test/evaluate.ts'
import { mapNamed, type Named } from '../named.ts'
import { initialLeaf, leafOf, namedLeaves } from '../parameters.ts'
import { declareDinoHead, dinoHead } from './dino-head.ts'
import { declareProjector, projector, standardiseColumns } from './projector.ts'
import { prototypes } from './prototypes.ts'

// A child process takes its time to start on a busy machine.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 })

let runtime: Runtime
beforeAll(async () => {
  runtime = await openRuntime({ provider: 'cpu', threads: 1 })
})
afterAll(() => runtime[Symbol.asyncDispose]())

const matrix = (...rows: readonly (readonly number[])[]) =>
  constant(float32([rows.length, rows[0]!.length], rows.flat()))
const near = (...numbers: readonly number[]) => numbers.map(number => expect.closeTo(number, 4))
const constants = (values: Named<TensorValue>): Named<Tensor> => mapNamed(values, value => constant(value))

test('a projector standardises over the batch, cuts at zero, and ends linear', async () => {
  const sizes = { inputs: 1, hidden: 1, outputs: 1, layers: 2 }
  const tree = declareProjector(
    leafOf(
      constants({
        'hidden.0.weight': float32([1, 1], [5]),
        'hidden.0.norm.weight': float32([1], [3]),
        'hidden.0.norm.bias': float32([1], [1]),
        'output.weight': float32([1, 1], [2]),
        'output.bias': float32([1], [10]),
      }),
    ),
    sizes,
  )
  // (5, 15) → (−1, 1) → 3x + 1 = (−2, 4) → (0, 4) → 2x + 10
  expect(await evaluate(runtime, { y: projector(tree, matrix([1], [3])) })).toEqual({ y: near(10, 18) })
})

test('three layers widen, keep and narrow', () => {
  const shapes = namedLeaves<Shape>(
    leaf => declareProjector(leaf, { inputs: 3, hidden: 8, outputs: 2, layers: 3 }),
    ({ shape }) => shape,
  )
  const weights = Object.entries(shapes).filter(([, shape]) => shape.length === 2)
  expect(Object.fromEntries(weights)).toEqual({
    'hidden.0.weight': [8, 3],
    'hidden.1.weight': [8, 8],
    'output.weight': [2, 8],
  })
})

test('columns are standardised each for itself', async () => {
  const y = standardiseColumns(matrix([1, 100], [3, 300]))
  expect(await evaluate(runtime, { y })).toEqual({ y: near(-1, -1, 1, 1) })
})

test('prototypes give cosines, whatever the lengths of rows and prototypes', async () => {
  const y = prototypes({ weight: matrix([100, 0], [0, -0.01]) }, matrix([3, 4], [-30, -40]))
  expect(await evaluate(runtime, { y })).toEqual({ y: near(0.6, -0.8, -0.6, 0.8) })
})

test("DINO's head gives a cosine for each prototype", async () => {
  const sizes = { inputs: 4, hidden: 8, bottleneck: 3, prototypes: 5 }
  const initial = namedLeaves<TensorValue>(leaf => declareDinoHead(leaf, sizes), initialLeaf(1))
  const tree = declareDinoHead(leafOf(constants(initial)), sizes)
  const { y } = await evaluate(runtime, { y: dinoHead(tree, matrix([1, 2, 3, 4], [4, -3, 2, -1])) })
  expect(y).toHaveLength(10)
  for (const cosine of y!) expect(Math.abs(cosine)).toBeLessThanOrEqual(1 + 1e-6)
  expect(Math.max(...y!.map(Math.abs))).toBeGreaterThan(0.1)
})
