/**
 * A setting of training by the step, counted from 1; pure, so that a resumed run goes on as if never stopped. Beyond
 * its last step a schedule keeps its last value.
 */
export type Schedule = (step: number) => number

interface Cosine {
  readonly from: number
  readonly to: number
  readonly steps: number
}

/**
 * Half a cosine from `from` at step 0 to `to` at step `steps`: the teacher's momentum, .996 → 1 in BYOL (Grill et al.,
 * 2020) and DINO (Caron et al., 2021); weight decay, .04 → .4 in DINO; the rate in SGDR (Loshchilov & Hutter, 2017).
 */
export function cosine({ from, to, steps }: Cosine): Schedule {
  return step => to + ((from - to) / 2) * (1 + Math.cos(Math.PI * progress(step, steps)))
}

interface WarmupCosine {
  readonly peak: number
  /** At the last step. */
  readonly final?: number
  readonly warmupSteps: number
  /** Warm-up included. */
  readonly steps: number
}

/** The learning rate: in a line from 0 to `peak` at step `warmupSteps`, then half a cosine to `final` at step `steps`. */
export function warmupCosine({ peak, final = 0, warmupSteps, steps }: WarmupCosine): Schedule {
  const fall = cosine({ from: peak, to: final, steps: steps - warmupSteps })
  return step => (step < warmupSteps ? (peak * step) / warmupSteps : fall(step - warmupSteps))
}

interface TeacherTemperature {
  readonly from?: number
  readonly to?: number
  readonly warmupSteps: number
}

/** DINO's teacher temperature (Caron et al., 2021): in a line from .04 to .07 over the first 30 epochs, then constant. */
export function teacherTemperature({ from = 0.04, to = 0.07, warmupSteps }: TeacherTemperature): Schedule {
  return step => from + (to - from) * progress(step, warmupSteps)
}

/** How much of `steps` is done, in [0, 1]; all of none. */
function progress(step: number, steps: number): number {
  return steps > 0 ? Math.min(1, Math.max(0, step / steps)) : 1
}
