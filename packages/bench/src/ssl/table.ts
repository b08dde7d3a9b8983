import { headKinds, type Scores } from '@takt/recording'
import type { Figures } from '../benchmark.ts'
import { meanScores } from '../heads/mean-scores.ts'
import { significant } from '../measure/round.ts'
import type { Contender, Outcome, Run } from './run.ts'

type Scored = Run & { readonly outcome: Extract<Outcome, { readonly failed: null }> }

const isScored = (run: Run): run is Scored => run.outcome.failed === null

/** A run as one flat line, from which a table can be put together. */
export function runFigures({ contender, film, seed, outcome }: Run): Figures {
  const of = { method: contender, film, seed }
  if (outcome.failed !== null) return { ...of, failed: outcome.failed }
  const { heads, effectiveRank } = outcome.scores
  const scores = Object.fromEntries(headKinds.map(head => [head, meanScores([heads[head]])]))
  return { ...of, ...scores, effectiveRank, ...outcome.cost }
}

/** A row a contender: means over its runs, and each head's difference to the untrained encoder on the same film and seed. */
export function tableOf(runs: readonly Run[]): readonly Figures[] {
  const byContender = Map.groupBy(runs, ({ contender }) => contender)
  const untrained = (byContender.get('untrained') ?? []).filter(isScored)
  return [...byContender].map(([contender, all]) => rowOf(contender, all, untrained))
}

function rowOf(contender: Contender, all: readonly Run[], untrained: readonly Scored[]): Figures {
  const runs = all.filter(isScored)
  const costs = runs.map(({ outcome }) => outcome.cost).filter(cost => cost !== null)
  const heads = headKinds.map(head => {
    const scoresOf = (run: Scored) => run.outcome.scores.heads[head]
    const pairs = runs.flatMap(run => {
      const rival = untrained.find(({ film, seed }) => film === run.film && seed === run.seed)
      return rival ? [{ own: scoresOf(run), rival: scoresOf(rival) }] : []
    })
    return [head, { ...meanScores(runs.map(scoresOf)), overUntrained: differences(pairs) }] as const
  })
  const learnt = {
    steps: mean(costs.map(({ steps }) => steps)),
    clipsPerSecond: mean(costs.map(cost => cost.clipsPerSecond)),
    clipsPerCpuSecond: mean(costs.map(cost => cost.clipsPerCpuSecond)),
    peakMegabytes: Math.max(...costs.map(cost => cost.peakMegabytes)),
  }
  return {
    method: contender,
    runs: runs.length,
    failed: all.length - runs.length,
    ...Object.fromEntries(heads),
    effectiveRank: mean(runs.map(({ outcome }) => outcome.scores.effectiveRank)),
    ...(costs.length > 0 ? learnt : {}),
  }
}

interface Pair {
  readonly own: Scores
  readonly rival: Scores
}

const differences = (pairs: readonly Pair[]): Figures => ({
  accuracy: mean(pairs.map(difference('accuracy'))),
  f1At50: mean(pairs.map(difference('f1At50'))),
  betterF1: pairs.filter(pair => (difference('f1At50')(pair) ?? 0) > 0).length,
})

const difference =
  (score: 'accuracy' | 'f1At50') =>
  ({ own, rival }: Pair): number | null =>
    own[score] === null || rival[score] === null ? null : own[score] - rival[score]

/** Of those that there are; null of none. */
function mean(values: readonly (number | null)[]): number | null {
  const known = values.filter(value => value !== null)
  return known.length === 0 ? null : significant(known.reduce((sum, value) => sum + value, 0) / known.length)
}
