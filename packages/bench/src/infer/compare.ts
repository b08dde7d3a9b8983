import { median } from '../measure/quantile.ts'
import { significant } from '../measure/round.ts'

/** CPU-seconds of one run of each contender in a round, by name. */
export type InferRound = Readonly<Record<string, number>>

/** Those of `names` that took part, and the one whose median is least. */
export function fastest(rounds: readonly InferRound[], names: readonly string[]): string | undefined {
  const present = names.filter(name => rounds[0]?.[name] !== undefined)
  return present.toSorted((a, b) => medianOf(rounds, a) - medianOf(rounds, b))[0]
}

/** How many times as fast as `rival` a contender is: the median of the rounds' own ratios. */
export function speedUp(rounds: readonly InferRound[], name: string, rival: string): number {
  return significant(median(rounds.map(round => round[rival]! / round[name]!)))
}

/** Runs a second of one core, medians, by contender. */
export function runsPerSecond(rounds: readonly InferRound[]): Readonly<Record<string, number>> {
  const names = Object.keys(rounds[0]!)
  return Object.fromEntries(names.map(name => [name, significant(1 / medianOf(rounds, name))]))
}

function medianOf(rounds: readonly InferRound[], name: string): number {
  return median(rounds.map(round => round[name]!))
}
