import { constant, float32, traceGraph } from '@takt/graph'
import { mapNamed } from '@takt/nn'
import { emitModel } from '@takt/onnx'
import { openRuntime } from '@takt/runtime'
import { expect, test, vi } from 'vitest'
import { seededRandom } from '../../test/synthetic.ts'
import { initialWeights, networkLogits, scoreRows } from './temporal-network.ts'

// A child process takes its time to start on a busy machine.
vi.setConfig({ testTimeout: 60_000 })

test('a network scores rows without a runtime as its graph does in one, to 1e-5', async () => {
  const sizes = { inputs: 7, classes: 4, maps: 8, layers: 4 }
  const weights = initialWeights(sizes, 3)
  const { normal } = seededRandom(2)
  const length = 25
  const values = Float32Array.from({ length: length * sizes.inputs }, normal)
  const columns = values.map((_, at) => values[(at % length) * sizes.inputs + Math.floor(at / length)]!)
  const logits = networkLogits(
    sizes,
    mapNamed(weights, value => constant(value)),
    {
      x: constant(float32([1, sizes.inputs, length], columns)),
      mask: constant(float32([1, 1, length], Array(length).fill(1))),
    },
  )
  await using runtime = await openRuntime({ provider: 'cpu', threads: 1 })
  const session = await runtime.load(emitModel(traceGraph({ logits }), {}))
  const expected = (await runtime.run(session, {})).logits!.data as Float32Array

  const scored = scoreRows(weights, { values, dim: sizes.inputs }, sizes)
  expect(scored.dim).toBe(4)
  for (const [at, logit] of scored.values.entries()) {
    expect(Math.abs(logit - expected[(at % 4) * length + Math.floor(at / 4)]!)).toBeLessThan(1e-5)
  }
})
