import type { EncoderSpec } from '@takt/nn'
import { expect, test } from 'vitest'
import { barlowTwins, barlowTwinsPresets } from './barlow-twins.ts'
import { byol, byolPresets } from './byol.ts'
import { dino, dinoPresets } from './dino.ts'
import { dinoV2, dinoV2Presets } from './dino-v2.ts'
import { iJepa, iJepaPresets } from './i-jepa.ts'
import { ibot, ibotPresets } from './ibot.ts'
import { mae, maePresets } from './mae.ts'
import type { Method, Setting } from './method.ts'
import { methodTrainer } from './method-trainer.ts'
import { mocoV3, mocoV3Presets } from './moco-v3.ts'
import { simClr, simClrPresets } from './sim-clr.ts'
import { simSiam, simSiamPresets } from './sim-siam.ts'
import { vJepa, vJepaPresets } from './v-jepa.ts'

/** Frames of 112² in patches of 16, as a video model's are; narrow and shallow, for a graph is built of it. */
const spec: EncoderSpec = {
  architecture: 'video-vit',
  inputSize: 112,
  frames: 16,
  tubelet: 2,
  patch: 16,
  dim: 64,
  depth: 1,
  heads: 1,
  grid: 7,
  registers: 4,
}
const setting = { spec, batch: 2, stepsPerCall: 1, steps: 1000, seed: 1 }

/** Heads whose width costs memory and shows nothing here. */
const narrow = { hidden: 64, bottleneck: 16, prototypes: 64 } as const

const methods: readonly (readonly [string, (setting: Setting) => Method])[] = [
  ['SimSiam', simSiam({ ...simSiamPresets.paper, projector: 64 })],
  ['SimSiam, guided', simSiam({ ...simSiamPresets.guided, projector: 64 })],
  ['SimCLR', simClr(simClrPresets.paper)],
  ['SimCLR v2', simClr(simClrPresets.v2)],
  ['BYOL', byol({ ...byolPresets.paper, hidden: 64 })],
  ['BYOL, guided', byol({ ...byolPresets.guided, hidden: 64 })],
  ['Barlow Twins', barlowTwins({ ...barlowTwinsPresets.paper, projector: 64 })],
  ['MoCo v3', mocoV3({ ...mocoV3Presets.paper, hidden: 64 })],
  ['DINO', dino({ ...dinoPresets.paper, ...narrow })],
  ['iBOT', ibot({ ...ibotPresets.paper, ...narrow })],
  ['DINOv2', dinoV2({ ...dinoV2Presets.paper, ...narrow })],
  ['MAE', mae(maePresets.paper)],
  ['I-JEPA', iJepa(iJepaPresets.paper)],
  ['V-JEPA', vJepa(vJepaPresets.paper)],
]

test.each(methods)("%s with the paper's constants is a step that takes what it is fed", (_, methodOf) => {
  const trainer = methodTrainer(setting, methodOf)
  const frames = new Uint8Array(2 * 16 * 112 * 112 * 3)
  const fed = trainer.inputs({ firstStep: 0, frames })
  const taken = trainer
    .graph()
    .tensors.flatMap(tensor => (tensor.operator === 'input' ? [[tensor.attributes.name, tensor] as const] : []))
  for (const [name, { shape }] of taken) {
    const given = fed[name]
    if (given) expect([name, given.shape]).toEqual([name, shape])
    else expect(name).toMatch(/^(parameters|optimiser|teacher|memory)\./)
  }
  expect(Object.keys(trainer.graph().outputs)).toContain('next.parameters.encoder.registers')
})

test('a warm-up and a decay are those of the paper, by the step', () => {
  const { inputs } = methodTrainer(setting, dino({ ...dinoPresets.paper, ...narrow }))
  const at = (firstStep: number) => {
    const fed = inputs({ firstStep, frames: new Uint8Array(2 * 16 * 112 * 112 * 3) })
    return ['rate', 'decay', 'momentum', 'teacherTemperature', 'unfrozen'].map(name => Number(fed[name]!.data[0]))
  }
  const near = (...numbers: readonly number[]) => numbers.map(number => expect.closeTo(number, 5))
  const peak = (5e-4 * 2) / 256
  expect(at(0)).toEqual(near(peak / 100, 0.04, 0.996, 0.0401, 0))
  expect(at(99)).toEqual(near(peak, 0.04881, 0.9961, 0.05, 1))
  expect(at(999)).toEqual(near(0, 0.4, 1, 0.07, 1))
})
