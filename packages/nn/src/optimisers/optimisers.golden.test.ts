import { readFile } from 'node:fs/promises'
import { gelu, input, loop, mean, mul, sub, type Tensor, type TensorValue, tensorValue } from '@takt/graph'
import { decodeSafetensors } from '@takt/onnx'
import { openRuntime, type Runtime } from '@takt/runtime'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { evaluate } from '../../test/evaluate.ts'
import { linear } from '../layers/linear.ts'
import { mapNamed, type Named, namesBelow, prefixNames } from '../named.ts'
import { adamW } from './adamw.ts'
import { clipByGlobalNorm } from './clip-by-global-norm.ts'
import { lars } from './lars.ts'
import { namedGradients } from './named-gradients.ts'
import type { Optimiser } from './optimiser.ts'
import { sgd } from './sgd.ts'

// A child process takes its time to start on a busy machine.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 })

let runtime: Runtime
beforeAll(async () => {
  runtime = await openRuntime({ provider: 'cpu', threads: 1 })
})
afterAll(() => runtime[Symbol.asyncDispose]())

/** Of golden/optimisers.py, as are the settings below; float64. */
const golden = decodeSafetensors(
  await readFile(new URL('../../golden/optimisers.safetensors', import.meta.url)),
).tensors
const STEPS = 20
const DECAY = 0.05
const CLIP = 0.5

const inFloat32 = ({ shape, data }: TensorValue) =>
  tensorValue({ dtype: 'float32', shape }, Float64Array.from(data as Float64Array))

/** Mean squared error of two linear layers with GELU between. */
function loss(p: Named<Tensor>, batch: Tensor, target: Tensor): Tensor {
  const hidden = gelu(linear({ weight: p['hidden.weight']!, bias: p['hidden.bias']! }, batch))
  const error = sub(linear({ weight: p['output.weight']!, bias: p['output.bias']! }, hidden), target)
  return mean(mul(error, error), [0, 1])
}

/** Weights after all steps, and the loss and the gradients' norm of each. */
async function train(optimiser: Optimiser): Promise<Named<readonly number[]>> {
  const start = mapNamed(namesBelow('start.', golden), inFloat32)
  const feeds: Named<TensorValue> = {
    ...prefixNames('p.', start),
    ...prefixNames('s.', optimiser.initialState(start)),
    rate: inFloat32(golden.rates!),
    step: tensorValue(
      { dtype: 'float32', shape: [STEPS] },
      [...Array(STEPS).keys()].map(i => i + 1),
    ),
    decay: tensorValue({ dtype: 'float32', shape: [] }, [DECAY]),
    batch: inFloat32(golden.batch!),
    target: inFloat32(golden.target!),
  }
  const { rate, step, decay, batch, target, ...initial } = mapNamed(feeds, (value, name) => input(name, value))
  const { last, collected } = loop({
    trips: STEPS,
    initial,
    each: { rate: rate!, step: step! },
    fixed: { decay: decay!, batch: batch!, target: target! },
    step: (state, { rate, step }, { decay, batch, target }) => {
      const parameters = namesBelow('p.', state)
      const losses = loss(parameters, batch, target)
      const { gradients, norm } = clipByGlobalNorm(namedGradients(losses, parameters), CLIP)
      const moments = namesBelow('s.', state)
      const next = optimiser.step({ parameters, gradients, state: moments, rate, decay, step })
      return {
        next: { ...prefixNames('p.', next.parameters), ...prefixNames('s.', next.state) },
        collected: { losses, norms: norm },
      }
    },
  })
  const trained = prefixNames('last.', namesBelow('p.', last))
  return namesBelow('last.', await evaluate(runtime, { ...trained, ...prefixNames('last.', collected) }, feeds))
}

test.each([
  ['adamw', adamW({ beta1: 0.9, beta2: 0.999, epsilon: 1e-8 })],
  ['sgd', sgd({ momentum: 0.9 })],
  ['lars', lars({ momentum: 0.9, trust: 0.1 })],
] as const)(
  '20 clipped steps of %s end where those in PyTorch do, to within 5e-6 of the largest weight',
  async (name, optimiser) => {
    const found = await train(optimiser)
    const expected = namesBelow(`${name}.`, golden)
    expect(Object.keys(found).toSorted()).toEqual(Object.keys(expected).toSorted())
    for (const [part, { data }] of Object.entries(expected)) {
      const numbers = [...(data as Float64Array)]
      const scale = Math.max(...numbers.map(Math.abs))
      const errors = numbers.map((number, i) => Math.abs(number - found[part]![i]!) / scale)
      expect(Math.max(...errors), part).toBeLessThan(5e-6)
    }
  },
)
