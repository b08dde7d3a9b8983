import { constant, float32, traceGraph } from '@takt/graph'
import { emitModel } from '@takt/onnx'
import { openRuntime } from '@takt/runtime'
import { expect, test, vi } from 'vitest'
import { seededRandom } from '../../test/synthetic.ts'
import { type SeenRow, scoreWindow } from './score-window.ts'
import { windowLogits } from './window-logits.ts'
import { networkOf, networkShapes, WINDOW } from './window-network.ts'

// A child process takes its time to start on a busy machine.
vi.setConfig({ testTimeout: 60_000 })

test('the graph that learns scores windows as a station does, unseen steps included, to 1e-5', async () => {
  const sizes = { inputs: 5, classes: 3, maps: 6 }
  const { normal, uniform } = seededRandom(3)
  const shapes = networkShapes(sizes)
  const numbers = (length: number) => Float32Array.from({ length }, () => normal() / 2)
  const network = networkOf(path => {
    const [outputs, inputs] = shapes[path]!
    return { weights: numbers(outputs * inputs), biases: numbers(outputs) }
  })
  const windows = [0, 0.1, 0.5].map(unseen =>
    Array.from({ length: WINDOW }, (_, at): SeenRow => {
      return at !== 15 && uniform() < unseen ? undefined : numbers(sizes.inputs)
    }),
  )
  const rows = windows.map(window => [...window, undefined])
  const x = rows.flatMap(window => window.flatMap(row => [...(row ?? new Float32Array(sizes.inputs))]))
  const mask = rows.flatMap(window => window.map(row => (row ? 1 : 0)))
  const tensors = networkOf(path => {
    const [outputs, inputs] = shapes[path]!
    const map = path.split('.').reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], network)
    const { weights, biases } = map as (typeof network)['input']
    return {
      weights: constant(float32([outputs, inputs], [...weights])),
      biases: constant(float32([outputs], [...biases])),
    }
  })
  const logits = windowLogits(
    tensors,
    constant(float32([rows.length, WINDOW + 1, sizes.inputs], x)),
    constant(float32([rows.length, WINDOW + 1, 1], mask)),
  )
  await using runtime = await openRuntime({ provider: 'cpu', threads: 1 })
  const session = await runtime.load(emitModel(traceGraph({ logits }), {}))
  const learnt = (await runtime.run(session, {})).logits!.data as Float32Array
  const scored = windows.flatMap(window => [...scoreWindow(network, window)[0]!])
  expect([...learnt]).toEqual(scored.map(value => expect.closeTo(value, 5)))
})
