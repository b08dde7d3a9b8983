import type { DiscoveryScores } from '@takt/recording'
import type { DiscoveredWork } from '@takt/steps'

const reasons = {
  'too-short': 'it is too short for anything to repeat',
  'nothing-changes': 'nothing changes in it',
  'nothing-repeats': 'nothing repeats in it',
} as const

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`

/** What was discovered, for people. */
export function discoveryLines(work: DiscoveredWork, scores: DiscoveryScores | null): readonly string[] {
  const { evidence } = work
  const judged = evidence
    ? `a cycle foretells ${percent(evidence.foretold)} of another, and ${percent(evidence.foretoldByChance)} where the parts are shuffled`
    : 'no length of cycle was tried'
  if (!work.found) return [`no repeating cycle found: ${reasons[work.reason]} (${judged})`]
  const whole = work.cycles.filter(cycle => cycle.whole).length
  return [
    `${whole} whole cycles of about ${work.periodSeconds.toFixed(1)} s in ${work.stepCount} steps; ${judged}`,
    ...work.cycles.map(({ startSeconds, endSeconds, whole, certainty, steps }) => {
      const times = steps.map(step => `${step.step}:${(step.endSeconds - step.startSeconds).toFixed(1)}`)
      const span = `${startSeconds.toFixed(2)}–${endSeconds.toFixed(2)} s`
      return `${span}${whole ? '' : ' (cut)'}, certainty ${certainty.toFixed(2)}: ${times.join(' ')}`
    }),
    ...(scores ? [scoreLine(scores)] : []),
  ]
}

function scoreLine({ trueCycles, foundCycles, cycleTimeErrorPercent, steps }: DiscoveryScores): string {
  const figure = (value: number | null) => value?.toFixed(1) ?? '–'
  const cycles = `${foundCycles} of ${trueCycles} cycles, their times ${figure(cycleTimeErrorPercent)} % off`
  return `${cycles}; steps: accuracy ${figure(steps.accuracy)}, F1@50 ${figure(steps.f1At50)}, edit ${figure(steps.edit)}`
}
