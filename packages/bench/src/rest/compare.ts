import { median } from '../measure/quantile.ts'
import { significant } from '../measure/round.ts'
import type { LoadFigures } from './load.ts'

export interface Round {
  readonly api: LoadFigures
  readonly bare: LoadFigures
}

/** Medians over rounds; `ratio` is the median of the rounds' own ratios of requests/s, API over bare. */
export function compareRounds(rounds: readonly Round[]) {
  const of = (rival: keyof Round): LoadFigures => ({
    p50Ms: significant(median(rounds.map(round => round[rival].p50Ms))),
    p99Ms: significant(median(rounds.map(round => round[rival].p99Ms))),
    requestsPerSecond: significant(median(rounds.map(round => round[rival].requestsPerSecond))),
  })
  const ratios = rounds.map(({ api, bare }) => api.requestsPerSecond / bare.requestsPerSecond)
  return { api: { ...of('api') }, bare: { ...of('bare') }, ratio: significant(median(ratios)) }
}
