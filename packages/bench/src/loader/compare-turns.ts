import { median } from '../measure/quantile.ts'
import { significant } from '../measure/round.ts'

/** What some calls of a training run took. */
export interface Turn {
  readonly steps: number
  readonly seconds: number
  /** Of them without a step under way, for want of clips. */
  readonly waitedSeconds: number
  /** Of training, of this process and of decoders that have ended. */
  readonly cpuSeconds: number
}

/** A turn on resident clips and one on a pool's, one after the other. */
export interface Round {
  readonly resident: Turn
  readonly pool: Turn
}

const stepsPerSecond = ({ steps, seconds }: Turn) => steps / seconds
const cpuPerStep = ({ steps, cpuSeconds }: Turn) => cpuSeconds / steps

/** Steps/s of the pool's turns over those of the resident ones, and the same by CPU a step: medians of the rounds' own ratios. */
export function compareTurns(rounds: readonly Round[]) {
  const over = (figure: (round: Round) => number) => significant(median(rounds.map(figure)))
  return {
    ratioToResident: over(({ resident, pool }) => stepsPerSecond(pool) / stepsPerSecond(resident)),
    cpuRatioToResident: over(({ resident, pool }) => cpuPerStep(resident) / cpuPerStep(pool)),
    stepsPerSecond: over(({ pool }) => stepsPerSecond(pool)),
    residentStepsPerSecond: over(({ resident }) => stepsPerSecond(resident)),
    waitedShare: over(({ pool }) => pool.waitedSeconds / pool.seconds),
  }
}
