import type { FitWork } from '@takt/db'
import type { ProcessTree } from '@takt/steps'
import { expect, test } from 'vitest'
import { processOf } from './process-of.ts'

type Step = FitWork['steps'][number]
const task = (name: string, position: number, more: Partial<Step> = {}): Step => ({
  name,
  level: 'task',
  position,
  opensCycle: false,
  optional: false,
  repeats: false,
  anyOrderGroup: null,
  ...more,
})
const step = (classIndex: number): ProcessTree => ({ kind: 'step', classIndex })

const steps = [
  task('wipe', 0, { optional: true }),
  task('take', 1, { opensCycle: true }),
  task('bolt', 2, { anyOrderGroup: 'fit' }),
  task('plug', 3, { anyOrderGroup: 'fit' }),
  task('screw', 4, { repeats: true }),
  { ...task('reach', 0), level: 'motion' as const },
]

test('a process begins with the task that opens its cycle, and keeps options, groups and repeats', () => {
  expect(processOf(steps, ['background', 'wipe', 'take', 'bolt', 'plug', 'screw'])).toEqual({
    kind: 'sequence',
    parts: [
      step(2),
      { kind: 'anyOrder', parts: [step(3), step(4)] },
      { kind: 'repeat', part: step(5), again: 0.3 },
      { kind: 'optional', part: step(1), chance: 0.7 },
    ],
  })
})

test('tasks that were never labelled are left out, and what is left of a group may be one', () => {
  expect(processOf(steps, ['background', 'take', 'plug'])).toEqual({ kind: 'sequence', parts: [step(1), step(2)] })
})

test('where only optional tasks were labelled, the first stands for the cycle', () => {
  expect(processOf(steps, ['background', 'wipe'])).toEqual({ kind: 'sequence', parts: [step(1)] })
})
