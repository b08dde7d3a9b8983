import {
  clusteringScores,
  type DiscoveredWork,
  durationErrors,
  matchIntervals,
  type Span,
  STEP_SECONDS,
} from '@takt/steps'
import type { Figures } from '../benchmark.ts'
import { significant } from '../measure/round.ts'

/** What was found in one recording, beside its truth. */
export interface Discovered {
  readonly work: DiscoveredWork
  /** True step of each time step of 250 ms, 0 for none. */
  readonly labels: Int16Array
  /** Starts of the whole cycles, and the end of the last one, s. */
  readonly borders: readonly number[]
}

interface OneScore {
  readonly countOff: number
  readonly cycleTimeErrorPercent: number | null
  readonly accuracy: number | null
  readonly f1At50: number | null
}

/** Means over recordings; cycle times over those of which any cycle was found, steps after one matching a recording. */
export function scoreDiscovered(all: readonly Discovered[]): Figures {
  const scores = all.map(scoreOne)
  const mean = (values: readonly (number | null)[]) => {
    const known = values.filter(value => value !== null)
    return known.length === 0 ? null : significant(known.reduce((sum, value) => sum + value, 0) / known.length, 3)
  }
  const errors = scores.map(score => score.cycleTimeErrorPercent)
  const within = errors.filter((error, index) => error !== null && error <= 3.5 && scores[index]!.countOff === 0)
  return {
    recordings: all.length,
    notFound: all.filter(({ work }) => !work.found).length,
    countExact: scores.filter(({ countOff }) => countOff === 0).length,
    countExactAndWithin3_5Percent: within.length,
    countOff: scores.map(({ countOff }) => countOff).join(' '),
    cycleTimeErrorPercent: mean(errors),
    worstCycleTimeErrorPercent: significant(Math.max(...errors.filter(error => error !== null)), 3),
    accuracy: mean(scores.map(({ accuracy }) => accuracy)),
    f1At50: mean(scores.map(({ f1At50 }) => f1At50)),
  }
}

/** Cycles found less cycles there are; nothing found counts as none. */
function scoreOne({ work, labels, borders }: Discovered): OneScore {
  const truth = borders.slice(1).map((end, index) => cycleSpan(borders[index]!, end))
  if (!work.found) return { countOff: -truth.length, cycleTimeErrorPercent: null, accuracy: null, f1At50: null }
  const whole = work.cycles.filter(cycle => cycle.whole)
  const { matched } = matchIntervals(
    truth,
    whole.map(cycle => cycleSpan(cycle.startSeconds, cycle.endSeconds)),
  )
  const predicted = new Int16Array(labels.length)
  for (const { step, startSeconds, endSeconds } of work.cycles.flatMap(({ steps }) => steps))
    predicted.fill(step, Math.round(startSeconds / STEP_SECONDS), Math.round(endSeconds / STEP_SECONDS))
  const { accuracy, f1At50 } = clusteringScores([{ truth: labels, predicted }], 'global', [0]).pooled
  const cycleTimeErrorPercent = durationErrors(matched).meanPercent
  return { countOff: whole.length - truth.length, cycleTimeErrorPercent, accuracy, f1At50 }
}

const cycleSpan = (start: number, end: number): Span => ({ step: 'cycle', start, end })
