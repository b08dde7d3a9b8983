import { labelledStretches, UNKNOWN } from '../src/labelled-runs.ts'
import type { LabelledVectors } from '../src/temporal-head/fit-temporal-head.ts'
import { featuresOf } from '../src/time-step.ts'
import { BENCH, recordBench } from './synthetic.ts'

/** Four cycles of a bench as one vector a time step, their labels, and those of the first cycle alone. */
export function workedRecording(seed: number) {
  const bench = { ...BENCH, dim: 24, steps: 4, noise: 1, swapChance: 0 }
  const { steps, labels: truth } = recordBench(bench, 4, seed)
  const vectors = steps.map(step => featuresOf(step, 'front')!)
  const end = labelledStretches(truth)[0]!.find(({ classIndex }) => classIndex === bench.steps)!.end
  const labels = truth.map((label, step) => (step < end ? label : UNKNOWN))
  const recording: LabelledVectors = { vectors, labels }
  return { recording, truth }
}
