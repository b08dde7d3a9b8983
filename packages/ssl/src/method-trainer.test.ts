import type { TrainingMethod } from '@takt/domain'
import { float32 } from '@takt/graph'
import { type EncoderSpec, initialParameters } from '@takt/nn'
import { expect, test } from 'vitest'
import { iJepa, iJepaPresets } from './i-jepa.ts'
import { methodTrainer } from './method-trainer.ts'
import { plantTrainers } from './plant-trainers.ts'

const spec: EncoderSpec = {
  architecture: 'video-vit',
  inputSize: 32,
  frames: 4,
  tubelet: 2,
  patch: 4,
  dim: 16,
  depth: 1,
  heads: 2,
  grid: 2,
}
const options = { spec, batch: 2, stepsPerCall: 1, steps: 10, seed: 1 }
const encoder = initialParameters(spec, 1)

/** Two states of one run, of which the teacher's or the learner's bias of the last layer differs. */
const told = (whose: 'teacher' | 'parameters', trainer: ReturnType<typeof methodTrainer>) => {
  const marked = { [`${whose}.encoder.norm.bias`]: float32([16], new Array(16).fill(7)) }
  const learnt = trainer.encoderOf({ ...trainer.initialState(encoder), ...marked })
  return Number(learnt['norm.bias']!.data[0]) === 7
}

test.each<[TrainingMethod, 'teacher' | 'parameters']>([
  ['byol', 'parameters'],
  ['moco-v3', 'parameters'],
  ['dino', 'teacher'],
  ['ibot', 'teacher'],
  ['dino-v2', 'teacher'],
  ['v-jepa', 'parameters'],
])('what is learnt by %s in a plant is the encoder of its %s', (method, whose) => {
  const trainer = plantTrainers[method](options)
  expect(Object.keys(trainer.initialState(encoder))).toContain('teacher.encoder.norm.bias')
  expect([told('teacher', trainer), told('parameters', trainer)]).toEqual([whose === 'teacher', whose === 'parameters'])
})

test("by the paper's I-JEPA it is the target's", () => {
  expect(told('teacher', methodTrainer(options, iJepa(iJepaPresets.paper)))).toBe(true)
})
