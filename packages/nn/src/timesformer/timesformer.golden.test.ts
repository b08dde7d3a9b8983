import { readFile } from 'node:fs/promises'
import { input, mul, sum, type TensorValue, toNumbers } from '@takt/graph'
import { decodeSafetensors } from '@takt/onnx'
import { openRuntime, type Runtime } from '@takt/runtime'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { evaluate } from '../../test/evaluate.ts'
import { relativeError } from '../../test/relative-error.ts'
import { mapNamed, type Named, namesBelow, prefixNames } from '../named.ts'
import { namedGradients } from '../optimisers/named-gradients.ts'
import { leafOf } from '../parameters.ts'
import { declareTimesformer, type TimesformerSpec, timesformer } from './timesformer.ts'

// A child process takes its time to start on a busy machine.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 })

let runtime: Runtime
beforeAll(async () => {
  runtime = await openRuntime({ provider: 'cpu', threads: 1 })
})
afterAll(() => runtime[Symbol.asyncDispose]())

/** The sizes in golden/timesformer.py. */
const spec: TimesformerSpec = { channels: 10, places: 2, classes: 3, dim: 12, depth: 2, heads: 3, pooled: 2, window: 4 }
const file = new URL('../../golden/timesformer.safetensors', import.meta.url)
const golden = decodeSafetensors(await readFile(file)).tensors

test('logits and every gradient of the TimeSformer head are those of PyTorch in float64 to within 1e-5', async () => {
  const { rows, gain, offset, mask, upstream, loss: expectedLoss, logits: expectedLogits, ...rest } = golden
  const weights = namesBelow('weight.', rest)
  const feeds: Named<TensorValue> = {
    ...weights,
    rows: rows!,
    gain: gain!,
    offset: offset!,
    mask: mask!,
    upstream: upstream!,
  }
  const fed = mapNamed(feeds, (value, name) => input(name, value))
  const parameters = mapNamed(weights, (_, name) => fed[name]!)

  const features = { rows: fed.rows!, gain: fed.gain!, offset: fed.offset! }
  const logits = timesformer(declareTimesformer(leafOf(parameters), spec), features, { mask: fed.mask!, spec })
  const loss = sum(mul(logits, fed.upstream!), [0, 1, 2])
  const slopes = prefixNames('gradient.', namedGradients(loss, parameters))
  const found = await evaluate(runtime, { loss, logits, ...slopes }, feeds)

  expect(relativeError(found.loss!, toNumbers(expectedLoss!))).toBeLessThan(1e-5)
  expect(relativeError(found.logits!, toNumbers(expectedLogits!))).toBeLessThan(1e-5)
  const expected = mapNamed(namesBelow('gradient.', rest), toNumbers)
  expect(Object.keys(expected).toSorted()).toEqual(Object.keys(weights).toSorted())
  for (const [name, numbers] of Object.entries(expected)) {
    expect(relativeError(found[`gradient.${name}`]!, numbers), name).toBeLessThan(1e-5)
  }
})
