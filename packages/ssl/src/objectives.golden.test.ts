import { readFile } from 'node:fs/promises'
import {
  div,
  gradients,
  input,
  maximum,
  mean,
  scalar,
  stopGradient,
  sum,
  type Tensor,
  type TensorValue,
  toNumbers,
} from '@takt/graph'
import { labelledCrossEntropy, mapNamed, type Named, namesBelow, prefixNames } from '@takt/nn'
import { decodeSafetensors } from '@takt/onnx'
import { openRuntime, type Runtime } from '@takt/runtime'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { evaluate } from '../test/evaluate.ts'
import { barlowTwinsLoss } from './barlow-twins.ts'
import { byolLoss } from './byol.ts'
import { centredTargets, crossEntropy, dinoLoss, nextCentre } from './dino.ts'
import { sinkhornTargets } from './dino-v2.ts'
import { guidedStopGradient } from './guided-stop-gradient.ts'
import { iJepaLoss } from './i-jepa.ts'
import { maskedTokenLoss } from './ibot.ts'
import type { Predicted } from './joint-embedding.ts'
import { koLeo } from './ko-leo.ts'
import { jepaTargets } from './latent-prediction.ts'
import { standardisePatches } from './mae.ts'
import { mocoV3Loss } from './moco-v3.ts'
import { meanSquare } from './pixel-prediction.ts'
import { ntXent } from './sim-clr.ts'
import { negativeCosine, simSiamLoss } from './sim-siam.ts'
import { vJepaLoss } from './v-jepa.ts'

// A child process takes its time to start on a busy machine.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 })

let runtime: Runtime
beforeAll(async () => {
  runtime = await openRuntime({ provider: 'cpu', threads: 1 })
})
afterAll(() => runtime[Symbol.asyncDispose]())

type Inputs = Readonly<Record<string, Tensor>>

const predicted = ({ p1, p2, z1, z2 }: Inputs): Predicted => ({ predicted: [p1!, p2!], projected: [z1!, z2!] })

/** The same where the projections are a teacher's, which no gradient reaches. */
const stopped = (inputs: Inputs): Predicted => {
  const {
    predicted: both,
    projected: [z1, z2],
  } = predicted(inputs)
  return { predicted: both, projected: [stopGradient(z1), stopGradient(z2)] }
}

/** What golden/objectives.py has of each method, and its constants. */
const objectives: Named<(inputs: Inputs) => Named<Tensor> & { readonly loss: Tensor }> = {
  'sim-siam': inputs => ({ loss: simSiamLoss(predicted(inputs)) }),
  'guided-stop-gradient': inputs => ({ loss: guidedStopGradient(predicted(inputs), negativeCosine) }),
  'sim-clr': ({ z1, z2 }) => ({ loss: ntXent([z1!, z2!], 0.1) }),
  byol: inputs => ({ loss: byolLoss(stopped(inputs)) }),
  'barlow-twins': ({ z1, z2 }) => ({ loss: barlowTwinsLoss([z1!, z2!], 0.0051) }),
  'moco-v3': ({ q1, q2, k1, k2 }) => ({ loss: mocoV3Loss([q1!, q2!], [stopGradient(k1!), stopGradient(k2!)], 0.2) }),
  dino: ({ t1, t2, s1, s2, s3, centre }) => {
    const said = [t1!, t2!]
    const targets = said.map(each => centredTargets(each, centre!, scalar(0.05)))
    return { loss: dinoLoss(targets, [s1!, s2!, s3!], 0.1), nextCentre: nextCentre(centre!, said, 0.9) }
  },
  ibot: ({ teacher, student, centre, masked }) => {
    const targets = centredTargets(teacher!, centre!, scalar(0.05))
    const counts = maximum(sum(masked!, [1], { keepAxes: true }), scalar(1))
    return { loss: maskedTokenLoss(targets, student!, stopGradient(div(masked!, counts)), 0.1) }
  },
  'ko-leo': ({ features }) => ({ loss: koLeo(features!) }),
  sinkhorn: ({ teacher, student }) => ({
    loss: mean(crossEntropy(sinkhornTargets(teacher!, scalar(0.05)), student!, 0.1), [0, 1]),
  }),
  mae: ({ predicted, patches }) => ({
    loss: meanSquare({ predicted: predicted!, target: stopGradient(standardisePatches(patches!)) }),
  }),
  'i-jepa': ({ predicted, features }) => ({ loss: iJepaLoss(predicted!, jepaTargets(stopGradient(features!))) }),
  'fine-tune': ({ logits, targets }) => ({ loss: labelledCrossEntropy(logits!, stopGradient(targets!)) }),
  'v-jepa': ({ predicted, features }) => ({ loss: vJepaLoss(predicted!, jepaTargets(stopGradient(features!))) }),
}

const golden = decodeSafetensors(await readFile(new URL('../golden/objectives.safetensors', import.meta.url))).tensors
const methods = new Set(Object.keys(golden).map(name => name.split('/')[0]!))

test('every method of the golden file is compared', () => {
  expect(Object.keys(objectives).toSorted()).toEqual([...methods].toSorted())
})

describe.each(Object.entries(objectives))('%s', (method, outputsOf) => {
  const feeds = namesBelow(`${method}/input/`, golden) as Named<TensorValue>
  const slopes = mapNamed(namesBelow(`${method}/gradient/`, golden), toNumbers)
  const inputs = mapNamed(feeds, (value, name) => input(name, value))

  test('its outputs and its gradients are those of PyTorch in float64 to within 1e-5', async () => {
    const outputs = outputsOf(inputs)
    const names = Object.keys(slopes)
    const found = gradients(
      outputs.loss,
      names.map(name => inputs[name]!),
    )
    const named = Object.fromEntries(names.map((name, i) => [name, found[i]!]))
    const numbers = await evaluate(runtime, { ...outputs, ...prefixNames('gradient.', named) }, feeds)
    const expected = {
      ...mapNamed(namesBelow(`${method}/output/`, golden), toNumbers),
      ...prefixNames('gradient.', slopes),
    }
    expect(Object.keys(numbers).toSorted()).toEqual(Object.keys(expected).toSorted())
    for (const [name, exact] of Object.entries(expected)) {
      const differences = exact.map((number, i) => number - numbers[name]![i]!)
      expect(Math.hypot(...differences) / Math.hypot(...exact), name).toBeLessThan(1e-5)
    }
  })

  test('no gradient goes where it is stopped', () => {
    const stopped = Object.keys(feeds).filter(name => !Object.hasOwn(slopes, name))
    for (const name of stopped) {
      expect(() => gradients(outputsOf(inputs).loss, [inputs[name]!]), name).toThrow(`input ${name} `)
    }
  })
})
