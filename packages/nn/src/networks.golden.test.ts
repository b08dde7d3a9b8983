import { readFile } from 'node:fs/promises'
import { concat, constant, input, mul, sum, type Tensor, toNumbers } from '@takt/graph'
import { decodeSafetensors } from '@takt/onnx'
import { openRuntime, type Runtime } from '@takt/runtime'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { evaluate } from '../test/evaluate.ts'
import { relativeError } from '../test/relative-error.ts'
import { declareDinoHead, dinoHead } from './heads/dino-head.ts'
import { declareProjector, projector } from './heads/projector.ts'
import { mapNamed, type Named, namesBelow, prefixNames } from './named.ts'
import { namedGradients } from './optimisers/named-gradients.ts'
import { type Leaf, leafOf } from './parameters.ts'
import { declareVit, type VitSpec, vit } from './vit.ts'

// A child process takes its time to start on a busy machine.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 })

let runtime: Runtime
beforeAll(async () => {
  runtime = await openRuntime({ provider: 'cpu', threads: 1 })
})
afterAll(() => runtime[Symbol.asyncDispose]())

/** From golden/networks.py, whose sizes these are. */
const golden = decodeSafetensors(await readFile(new URL('../golden/networks.safetensors', import.meta.url))).tensors
const vitSpec: VitSpec = { dim: 16, depth: 2, heads: 2, patch: 4, registers: 3, layerScale: 1 }
const projectorSizes = { inputs: 5, hidden: 7, outputs: 4, layers: 3 }
const dinoSizes = { inputs: 5, hidden: 7, bottleneck: 4, prototypes: 9 }

const networks: Named<(leaf: Leaf<Tensor>, learnt: Named<Tensor>) => Tensor> = {
  vit: leaf => {
    const { classToken, patches } = vit(declareVit(leaf, vitSpec), constant(golden.images!), vitSpec)
    return concat([classToken, patches], 1)
  },
  projector: (leaf, { x }) => projector(declareProjector(leaf, projectorSizes), x!),
  dinoHead: (leaf, { x }) => dinoHead(declareDinoHead(leaf, dinoSizes), x!),
}

test.each(Object.entries(networks))(
  'result and every gradient of %s are those of PyTorch in float64 to within 1e-5',
  async (name, network) => {
    const { y: result, upstream, ...rest } = namesBelow(`${name}.`, golden)
    const weights = namesBelow('weight.', rest)
    const learnt = mapNamed(weights, (value, name) => input(name, value))
    const y = network(leafOf(learnt), learnt)
    const loss = sum(mul(y, constant(upstream!)), [...y.shape.keys()])
    const found = await evaluate(runtime, { y, ...prefixNames('gradient.', namedGradients(loss, learnt)) }, weights)

    const expected = mapNamed({ y: result!, ...prefixNames('gradient.', namesBelow('gradient.', rest)) }, toNumbers)
    expect(Object.keys(found).toSorted()).toEqual(Object.keys(expected).toSorted())
    for (const [part, numbers] of Object.entries(expected)) {
      expect(relativeError(found[part]!, numbers), part).toBeLessThan(1e-5)
    }
  },
)
