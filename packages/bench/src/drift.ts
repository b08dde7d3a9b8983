import { driftThreshold } from '@takt/drift'
import { untrainedEncoder } from '@takt/nn'
import { encoderDescriber } from '@takt/recording'
import { openRuntime } from '@takt/runtime'
import type { Benchmark, Figures } from './benchmark.ts'
import { windowSeconds } from './drift/film-windows.ts'
import { type ScriptedDriftName, scriptedDrifts } from './drift/scripted-drifts.ts'
import { driftStations, type ToldDrift, toldDrifts } from './drift/told-drifts.ts'
import { median } from './measure/quantile.ts'
import { significant } from './measure/round.ts'

/** Nothing was tuned on them: thresholds and models of light were chosen on films of seed 1. */
const seeds = [11, 12] as const

/** How scripted drifts of composed films are told apart, and how often a film that has not drifted is said to have. */
export const drift: Benchmark = {
  about: 'drift of composed films by the untrained encoder: kinds told beside kinds scripted, and false alarms',
  run: async ({ quick, materialDir, say, signal }) => {
    const encoder = untrainedEncoder({ seed: 1 })
    await using runtime = await openRuntime({ provider: 'cpu', threads: 1, signal })
    await using describer = encoderDescriber(runtime, encoder)
    const told: ToldDrift[] = []
    for (const seed of quick ? seeds.slice(0, 1) : seeds)
      for (const station of quick ? driftStations.slice(0, 1) : driftStations) {
        const own = await toldDrifts({ station, seed, describer, grid: encoder.spec.grid, materialDir, signal })
        told.push(...own)
        say(`${station}, seed ${seed}: ${own.map(of => `${of.happened} ${figure(of)}`).join(', ')}`)
      }
    const names = Object.keys(scriptedDrifts) as ScriptedDriftName[]
    const undrifted = told.filter(of => scriptedDrifts[of.happened].kind === null)
    const drifted = told.filter(of => scriptedDrifts[of.happened].kind !== null)
    return {
      windowSeconds,
      threshold: driftThreshold,
      windows: told.length,
      falseAlarmShare: shareOf(undrifted, ({ drift }) => drift.kind !== null),
      foundShare: shareOf(drifted, ({ drift }) => drift.kind !== null),
      rightKindShare: shareOf(drifted, ({ happened, drift }) => drift.kind === scriptedDrifts[happened].kind),
      by: Object.fromEntries(names.map(name => [name, figuresOf(told.filter(of => of.happened === name))])),
    }
  },
}

const figure = ({ drift: { score, kind } }: ToldDrift): string => `${score.toFixed(1)}${kind ? ` ${kind}` : ''}`

function figuresOf(told: readonly ToldDrift[]): Figures {
  const scores = told.map(({ drift }) => drift.score)
  const kinds = Object.groupBy(told, ({ drift }) => drift.kind ?? 'none')
  return {
    is: told[0] ? (scriptedDrifts[told[0].happened].kind ?? 'none') : null,
    told: Object.fromEntries(Object.entries(kinds).map(([kind, of]) => [kind, of.length])),
    leastScore: significant(Math.min(...scores)),
    medianScore: significant(median(scores)),
    mostScore: significant(Math.max(...scores)),
  }
}

const shareOf = (told: readonly ToldDrift[], is: (of: ToldDrift) => boolean): number =>
  significant(told.filter(is).length / Math.max(1, told.length))
