import type { WorkFound } from '@takt/db/discoveries'

export interface Example {
  readonly startSeconds: number
  readonly endSeconds: number
}

interface StepExamples {
  readonly step: number
  readonly medianSeconds: number
  readonly cycles: number
  readonly examples: readonly Example[]
}

/** Clips of a step that are shown to whoever names it. */
const most = 5

/** Each discovered step with the clips of whole cycles whose length is nearest to its median. */
export function examplesOf({ cycles }: WorkFound): readonly StepExamples[] {
  const whole = cycles.filter(cycle => cycle.whole)
  const steps = (whole.length > 0 ? whole : cycles).flatMap(cycle => cycle.steps)
  const byStep = [...Map.groupBy(steps, ({ step }) => step)].toSorted(([a], [b]) => a - b)
  return byStep.map(([step, all]) => {
    const lengths = all.map(lengthOf).toSorted((a, b) => a - b)
    const medianSeconds = lengths[Math.floor(lengths.length / 2)]!
    const nearest = all.toSorted(
      (a, b) => Math.abs(lengthOf(a) - medianSeconds) - Math.abs(lengthOf(b) - medianSeconds),
    )
    return { step, medianSeconds, cycles: all.length, examples: nearest.slice(0, most) }
  })
}

const lengthOf = ({ startSeconds, endSeconds }: Example): number => endSeconds - startSeconds
