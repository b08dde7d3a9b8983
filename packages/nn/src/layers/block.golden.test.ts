import { readFile } from 'node:fs/promises'
import { input, mul, reshape, sum, type TensorValue, toNumbers } from '@takt/graph'
import { decodeSafetensors } from '@takt/onnx'
import { openRuntime, type Runtime } from '@takt/runtime'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { evaluate } from '../../test/evaluate.ts'
import { relativeError } from '../../test/relative-error.ts'
import { mapNamed, type Named, namesBelow, prefixNames } from '../named.ts'
import { namedGradients } from '../optimisers/named-gradients.ts'
import { leafOf } from '../parameters.ts'
import { type BlockOptions, block, declareBlock } from './block.ts'

// A child process takes its time to start on a busy machine.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 })

let runtime: Runtime
beforeAll(async () => {
  runtime = await openRuntime({ provider: 'cpu', threads: 1 })
})
afterAll(() => runtime[Symbol.asyncDispose]())

/** From golden/vit_block.py, whose sizes these are. */
const golden = decodeSafetensors(await readFile(new URL('../../golden/vit-block.safetensors', import.meta.url))).tensors
const [batch, tokens, dim, heads] = [2, 5, 12, 3]

test.each<[name: string, options: BlockOptions]>([
  ['plain', { dim }],
  ['scaled', { dim, layerScale: 1 }],
])(
  'result and every gradient of a %s ViT block are those of PyTorch in float64 to within 1e-5',
  async (name, options) => {
    const feeds: Named<TensorValue> = { ...namesBelow('weight.', golden), x: golden.x!, upstream: golden.upstream! }
    const { upstream, ...learnt } = mapNamed(feeds, (value, name) => input(name, value))
    const y = block(declareBlock(leafOf(learnt), options), reshape(learnt.x!, [batch * tokens, dim]), {
      batch,
      tokens,
      heads,
    })
    const loss = sum(mul(reshape(y, [batch, tokens, dim]), upstream!), [0, 1, 2])

    const expected = mapNamed(namesBelow(`${name}.`, golden), toNumbers)
    const names = Object.keys(namesBelow('gradient.', expected))
    const slopes = namedGradients(loss, Object.fromEntries(names.map(name => [name, learnt[name]!])))
    const found = await evaluate(runtime, { loss, y, ...prefixNames('gradient.', slopes) }, feeds)
    expect(Object.keys(found).toSorted()).toEqual(Object.keys(expected).toSorted())
    for (const [part, numbers] of Object.entries(expected)) {
      expect(relativeError(found[part]!, numbers), part).toBeLessThan(1e-5)
    }
  },
)
