import { median } from '../measure/quantile.ts'
import { significant } from '../measure/round.ts'

/** What some calls of a training run took. */
export interface Turn {
  readonly steps: number
  readonly seconds: number
  /** Of them without a step under way, for want of clips. */
  readonly waitedSeconds: number
  /** Of training, of this process and of decoders. */
  readonly cpuSeconds: number
  readonly decoderCpuSeconds: number
}

/** As many turns on resident clips as on a pool's, which in all of them cut as many clips as a segment is decoded for. */
export interface Round {
  readonly resident: readonly Turn[]
  readonly pool: readonly Turn[]
}

const total = (turns: readonly Turn[], field: keyof Turn) => turns.reduce((sum, turn) => sum + turn[field], 0)
const stepsPerSecond = (turns: readonly Turn[]) => total(turns, 'steps') / total(turns, 'seconds')
const cpuPerStep = (turns: readonly Turn[]) => total(turns, 'cpuSeconds') / total(turns, 'steps')

/** Steps/s of the pool's turns over those of the resident ones, and the same by CPU a step: medians of the rounds' own ratios. */
export function compareTurns(rounds: readonly Round[]) {
  const over = (figure: (round: Round) => number) => significant(median(rounds.map(figure)))
  return {
    ratioToResident: over(({ resident, pool }) => stepsPerSecond(pool) / stepsPerSecond(resident)),
    cpuRatioToResident: over(({ resident, pool }) => cpuPerStep(resident) / cpuPerStep(pool)),
    decoderCpuShare: over(({ pool }) => total(pool, 'decoderCpuSeconds') / total(pool, 'cpuSeconds')),
    stepsPerSecond: over(({ pool }) => stepsPerSecond(pool)),
    residentStepsPerSecond: over(({ resident }) => stepsPerSecond(resident)),
    waitedShare: over(({ pool }) => total(pool, 'waitedSeconds') / total(pool, 'seconds')),
  }
}
