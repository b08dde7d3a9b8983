import type { Interval } from './interval.ts'

/** The class of every step in `[0, length)` as intervals say it; 0, the background, between them. */
export function intervalLabels(intervals: readonly Interval[], length: number): Int16Array {
  const labels = new Int16Array(length)
  for (const { classIndex, startStep, endStep } of intervals) labels.fill(classIndex, Math.max(0, startStep), endStep)
  return labels
}
