import { readFile } from 'node:fs/promises'
import { input, mul, type Tensor, type TensorValue, toNumbers } from '@takt/graph'
import { decodeSafetensors } from '@takt/onnx'
import { openRuntime, type Runtime } from '@takt/runtime'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { evaluate } from '../../test/evaluate.ts'
import { relativeError } from '../../test/relative-error.ts'
import { mapNamed, type Named, namesBelow, prefixNames } from '../named.ts'
import { namedGradients } from '../optimisers/named-gradients.ts'
import { type Leaf, leafOf } from '../parameters.ts'
import type { MaskedTimes } from './dilated-layer.ts'
import { declareMsTcn, declareMsTcnPlusPlus, type MsTcnSpec, msTcn, msTcnPlusPlus } from './ms-tcn.ts'
import { msTcnLoss } from './ms-tcn-loss.ts'

// A child process takes its time to start on a busy machine.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 })

let runtime: Runtime
beforeAll(async () => {
  runtime = await openRuntime({ provider: 'cpu', threads: 1 })
})
afterAll(() => runtime[Symbol.asyncDispose]())

/** The sizes in golden/ms_tcn.py. */
const spec: MsTcnSpec = { inputs: 5, maps: 4, classes: 3, layers: 3, refinements: 2 }
const golden = decodeSafetensors(await readFile(new URL('../../golden/ms-tcn.safetensors', import.meta.url))).tensors
const { x, mask, targets, drops } = golden

const networks: Named<(leaf: Leaf<Tensor>, x: Tensor, times: MaskedTimes) => readonly Tensor[]> = {
  msTcn: (leaf, x, times) => msTcn(declareMsTcn(leaf, spec), x, times),
  msTcnPlusPlus: (leaf, x, times) =>
    msTcnPlusPlus(declareMsTcnPlusPlus(leaf, { ...spec, firstLayers: spec.layers }), x, times),
}

test.each(Object.entries(networks))(
  'loss, logits and every gradient of %s are those of PyTorch in float64 to within 1e-5',
  async (name, network) => {
    const { loss: expectedLoss, logits: expectedLogits, ...rest } = namesBelow(`${name}.`, golden)
    const weights = namesBelow('weight.', rest)
    const feeds: Named<TensorValue> = { ...weights, x: x!, mask: mask!, targets: targets!, drops: drops! }
    const tensors = mapNamed(feeds, (value, name) => input(name, value))
    const parameters = mapNamed(weights, (_, name) => tensors[name]!)

    const drop = (added: Tensor) => mul(added, tensors.drops!)
    const stages = network(leafOf(parameters), tensors.x!, { mask: tensors.mask!, drop })
    const loss = msTcnLoss(stages, { targets: tensors.targets!, mask: tensors.mask! })
    const slopes = prefixNames('gradient.', namedGradients(loss, parameters))
    const found = await evaluate(runtime, { loss, logits: stages.at(-1)!, ...slopes }, feeds)

    expect(relativeError(found.loss!, toNumbers(expectedLoss!))).toBeLessThan(1e-6)
    expect(relativeError(found.logits!, toNumbers(expectedLogits!))).toBeLessThan(1e-5)
    const expected = mapNamed(namesBelow('gradient.', rest), toNumbers)
    expect(Object.keys(expected).toSorted()).toEqual(Object.keys(weights).toSorted())
    for (const [name, numbers] of Object.entries(expected)) {
      expect(relativeError(found[`gradient.${name}`]!, numbers), name).toBeLessThan(1e-5)
    }
  },
)
