import { expect, test } from 'vitest'
import type { TensorSlot } from './tensor.ts'
import { trainingSlots } from './training-slots.ts'

const slot = (name: string, ...shape: number[]): TensorSlot => ({ name, dtype: 'float32', shape })

test('what a model gives as next.x is state, what else it gives is collected, what else it takes comes with each call', () => {
  const slots = trainingSlots({
    inputs: [slot('batch', 4, 2), slot('w', 3)],
    outputs: [slot('loss', 4), slot('next.w', 3), slot('norms', 4, 2)],
  })
  expect(slots).toMatchObject({
    state: [slot('w', 3)],
    inputs: [slot('batch', 4, 2)],
    collected: [slot('loss', 4), slot('norms', 4, 2)],
    steps: 4,
  })
  expect(slots.outputOf('w')).toBe('next.w')
})

test.each<[string, TensorSlot[], TensorSlot[], string]>([
  ['keeps no state', [slot('x', 3)], [slot('loss', 4)], 'none of its outputs is named next.…'],
  [
    'gives state that it does not take',
    [slot('w', 3)],
    [slot('next.w', 2), slot('loss', 4)],
    'it gives next.w float32[2] but does not take w float32[2]',
  ],
  ['collects nothing', [slot('w', 3)], [slot('next.w', 3)], 'it collects nothing from its steps'],
  ['collects a scalar', [slot('w', 3)], [slot('next.w', 3), slot('loss')], 'it collects nothing from its steps'],
  [
    'collects from different numbers of steps',
    [slot('w', 3)],
    [slot('next.w', 3), slot('loss', 4), slot('norm', 5)],
    'it collects loss float32[4] and norm float32[5], of different numbers of steps',
  ],
])('a model that %s is no training step', (_, inputs, outputs, reason) => {
  expect(() => trainingSlots({ inputs, outputs })).toThrow(
    expect.objectContaining({ code: 'bad_training_model', message: `model is no training step: ${reason}` }),
  )
})
