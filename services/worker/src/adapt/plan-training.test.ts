import { expect, test } from 'vitest'
import { planSteps } from './plan-training.ts'

test('a schedule takes nine tenths of the budget in whole calls', () => {
  expect(planSteps({ budgetMs: 120_000, callMs: 500, stepsPerCall: 2 })).toBe(432)
  expect(planSteps({ budgetMs: 120_000, callMs: 7_000, stepsPerCall: 4 })).toBe(60)
})

test('a budget that is shorter than a call is one call', () => {
  expect(planSteps({ budgetMs: 10, callMs: 500, stepsPerCall: 8 })).toBe(8)
})
