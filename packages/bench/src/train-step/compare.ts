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
 * Speeds and ratios, medians over rounds. A ratio above 1 is in Takt's favour, except that to the ceiling, which is
 * the share of a step in which matrices are multiplied. Without a rival its ratio is null.
 */
export function compareSteps(rounds: readonly StepRound[], { batch }: { readonly batch: number }) {
  const over = (contender: keyof StepRound) => {
    const ratios = rounds.flatMap(round => (round[contender] ? [round[contender] / round.takt] : []))
    return ratios.length > 0 ? significant(median(ratios)) : null
  }
  const perStep = (contender: keyof StepRound) => {
    const seconds = rounds.flatMap(round => round[contender] ?? [])
    return seconds.length > 0 ? significant(median(seconds)) : null
  }
  return {
    clipsPerSecond: significant(batch / median(rounds.map(({ takt }) => takt))),
    ratioToTorchEager: over('torchEager'),
    ratioToTorchCompile: over('torchCompile'),
    ratioToMatMulCeiling: over('products'),
    secondsPerStep: {
      takt: perStep('takt'),
      products: perStep('products'),
      torchEager: perStep('torchEager'),
      torchCompile: perStep('torchCompile'),
    },
  }
}

/** The largest difference between two runs' losses, relative; the same training differs by rounding alone. */
export function lossDifference(a: readonly number[], b: readonly number[]): number {
  return Math.max(...a.map((loss, i) => Math.abs(loss / b[i]! - 1)))
}
