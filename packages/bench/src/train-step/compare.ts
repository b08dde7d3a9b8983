import { median } from '../measure/quantile.ts'
import { significant } from '../measure/round.ts'

/** Seconds a step that each contender took in one round, one after the other. */
export interface StepRound {
  readonly takt: number
  /** The step's matrix products alone, in the same runtime. */
  readonly products: number
  readonly torchEager?: number
  readonly torchCompile?: number
}

/**
 * Ratios, medians over rounds. One above 1 is in Takt's favour, except that to the ceiling, which is the share of a step
 * in which matrices are multiplied. Without a rival its ratio is null.
 */
export function compareSteps(rounds: readonly StepRound[]) {
  const over = (contender: keyof StepRound) =>
    medianOrNull(rounds.flatMap(round => (round[contender] ? [round[contender] / round.takt] : [])))
  return {
    ratioToTorchEager: over('torchEager'),
    ratioToTorchCompile: over('torchCompile'),
    ratioToMatMulCeiling: over('products'),
  }
}

/** Seconds a step of each contender, medians over rounds. */
export function medianSeconds(rounds: readonly StepRound[]) {
  const of = (contender: keyof StepRound) => medianOrNull(rounds.flatMap(round => round[contender] ?? []))
  return {
    takt: of('takt'),
    products: of('products'),
    torchEager: of('torchEager'),
    torchCompile: of('torchCompile'),
  }
}

function medianOrNull(numbers: readonly number[]): number | null {
  return numbers.length > 0 ? significant(median(numbers)) : null
}

/** The largest difference between two runs' losses, relative; the same training differs by rounding alone. */
export function lossDifference(a: readonly number[], b: readonly number[]): number {
  return Math.max(...a.map((loss, i) => Math.abs(loss / b[i]! - 1)))
}
