import { describe, expect, it } from 'vitest'
import { judgeSteps, type StepFlags, type TaskRule } from './cycle-flags.ts'

const task = (name: string, more: Partial<TaskRule> = {}): TaskRule => ({
  name,
  optional: false,
  repeats: false,
  anyOrderGroup: null,
  ...more,
})

/** Take, then bolt and plug in any order, then screws as many as it takes, perhaps a wipe, then the label. */
const rules = [
  task('take'),
  task('bolt', { anyOrderGroup: 'fit' }),
  task('plug', { anyOrderGroup: 'fit' }),
  task('screw', { repeats: true }),
  task('wipe', { optional: true }),
  task('label'),
]
const clean: StepFlags = {
  missingSteps: [],
  repeatedSteps: [],
  interruptedSteps: [],
  extraSteps: [],
  outOfOrder: [],
}
const flags = (steps: string) => judgeSteps(steps.split(' '), rules)

describe('the steps of a cycle', () => {
  it.each([
    ['in the order of the process', 'take bolt plug screw wipe label'],
    ['without an optional one', 'take bolt plug screw label'],
    ['with a group the other way round', 'take plug bolt screw wipe label'],
  ])('are as they should be %s', (_, steps) => {
    expect(flags(steps)).toEqual(clean)
  })

  it.each<[string, string, Partial<StepFlags>]>([
    ['missing', 'take bolt screw label', { missingSteps: ['plug'] }],
    ['repeated, as the process has it', 'take bolt plug screw screw label', { repeatedSteps: ['screw'] }],
    [
      'interrupted and gone on with',
      'take bolt bolt plug screw label',
      { repeatedSteps: ['bolt'], interruptedSteps: ['bolt'] },
    ],
    ['done again later', 'take bolt plug bolt screw label', { repeatedSteps: ['bolt'], extraSteps: ['bolt'] }],
    ['unknown to the process', 'take bolt plug screw paint label', { extraSteps: ['paint'] }],
    ['too late', 'take bolt screw plug label', { outOfOrder: ['plug'] }],
    [
      'interrupted, and done again later',
      'take bolt bolt plug bolt screw label',
      { repeatedSteps: ['bolt'], interruptedSteps: ['bolt'], extraSteps: ['bolt'] },
    ],
  ])('are told apart when one is %s', (_, steps, expected) => {
    expect(flags(steps)).toEqual({ ...clean, ...expected })
  })
})
