import type { TrainingPlan } from '@takt/db'
import type { Provider } from '@takt/runtime'

/**
 * On a CPU a call of one step holds half the memory of a longer one, and live work beside it waits no longer than a
 * step; a GPU keeps the state only within a call, and only large batches fill it.
 */
export const layouts: Readonly<Record<Provider, Omit<TrainingPlan, 'steps'>>> = {
  cpu: { batch: 8, stepsPerCall: 1 },
  webgpu: { batch: 16, stepsPerCall: 4 },
  cuda: { batch: 32, stepsPerCall: 8 },
}

/** What is planned of the budget: what live work takes from training must not keep the rate from falling to its end. */
const plannedShare = 0.9

/**
 * The length of the schedule: as many whole calls as fit into nine tenths of the budget at the pace that was measured,
 * at least one. Settled once: from then on step and seed decide everything.
 */
export const planSteps = (at: {
  readonly budgetMs: number
  readonly callMs: number
  readonly stepsPerCall: number
}): number => at.stepsPerCall * Math.max(1, Math.floor((plannedShare * at.budgetMs) / at.callMs))
