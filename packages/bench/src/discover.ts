import { discoverWork, STEP_SECONDS } from '@takt/steps'
import type { Benchmark, Figures } from './benchmark.ts'
import { filmStations, filmWork } from './discover/film-work.ts'
import { type Discovered, scoreDiscovered } from './discover/score-discovered.ts'
import { type SyntheticWork, syntheticWork, type WorkHabits } from './discover/synthetic-work.ts'

const calm: WorkHabits = {
  ...{ cycles: 20, seconds: 68, steps: 7, noise: 1, jitter: 0.15, drift: 0, missingAStep: 0, twiceAStep: 0 },
  ...{ pauseACycle: 0, hiddenASecond: 0, alike: 0, alternating: 0, cut: false },
}

/** Twenty cycles of about 71 s, from one nuisance to many. */
const habits: Readonly<Record<string, WorkHabits>> = {
  calm,
  paused: { ...calm, pauseACycle: 0.3 },
  hard: {
    ...{ ...calm, noise: 1.2, drift: 1, missingAStep: 0.03, twiceAStep: 0.02, pauseACycle: 0.15 },
    ...{ hiddenASecond: 0.008, alike: 0.3, alternating: 0.1 },
  },
  hardAndCut: {
    ...{ ...calm, noise: 1.2, drift: 1, missingAStep: 0.03, twiceAStep: 0.02, pauseACycle: 0.15 },
    ...{ hiddenASecond: 0.008, alike: 0.3, alternating: 0.1, cut: true },
  },
}

/** No constant was chosen on these. */
const seeds = [31, 32, 33]

/** Cycles and steps found without a label, on synthetic work and on films of known truth. */
export const discover: Benchmark = {
  about: 'cycles and steps found without labels: their number, cycle times, steps after Hungarian matching',
  run: async ({ quick, materialDir, say, signal }) => {
    const run = async (name: string, work: SyntheticWork): Promise<Discovered> => {
      const found = await discoverWork({ vectors: work.vectors, stepSeconds: STEP_SECONDS, signal })
      const cycles = found.found ? found.cycles.filter(({ whole }) => whole).length : 0
      say(`${name}: ${cycles} cycles of ${work.borders.length - 1}`)
      return { ...work, work: found }
    }
    const figures: Record<string, Figures> = {}
    for (const [name, habit] of Object.entries(habits)) {
      const all: Discovered[] = []
      for (const seed of quick ? seeds.slice(0, 1) : seeds)
        all.push(
          await run(`${name} ${seed}`, syntheticWork(quick ? { ...habit, cycles: 6, seconds: 20 } : habit, seed)),
        )
      figures[name] = scoreDiscovered(all)
    }
    for (const station of quick ? [] : filmStations) {
      const all: Discovered[] = []
      for (const seed of seeds)
        all.push(await run(`${station} ${seed}`, await filmWork(station, { seed, materialDir, signal })))
      figures[station] = scoreDiscovered(all)
    }
    return figures
  },
}
