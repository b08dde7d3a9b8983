import { availableParallelism } from 'node:os'
import { trainingMethods } from '@takt/recording'
import type { Benchmark } from './benchmark.ts'
import { firstFilms } from './heads/held-out-films.ts'
import type { Run } from './ssl/run.ts'
import { runFilms, type Sizes } from './ssl/run-films.ts'
import { runFigures, tableOf } from './ssl/table.ts'

const full: Sizes = { methods: trainingMethods, budgetSeconds: 90, films: firstFilms, seeds: 1, networks: 3 }
const small: Sizes = {
  methods: ['video-mae', 'barlow-twins'],
  budgetSeconds: 15,
  films: firstFilms.slice(0, 1),
  seeds: 1,
  networks: 1,
}

/** What an encoder gains by learning on a film's own unlabelled video, by each method for the same time. */
export const ssl: Benchmark = {
  about:
    'an encoder that learnt on a film by each self-supervised method for a budget, beside the untrained one and HOG',
  run: async ({ quick, ssl: asked, materialDir, say, signal }) => {
    const own = quick ? small : full
    const sizes: Sizes = {
      methods: asked.methods ?? own.methods,
      budgetSeconds: asked.budgetSeconds ?? own.budgetSeconds,
      films: asked.films ?? own.films,
      seeds: asked.seeds ?? own.seeds,
      networks: own.networks,
    }
    const runs: Run[] = []
    for await (const run of runFilms(sizes, { materialDir, signal })) {
      runs.push(run)
      say(JSON.stringify(runFigures(run)))
    }
    const { budgetSeconds, networks } = sizes
    return {
      budgetSeconds,
      networks,
      threads: availableParallelism(),
      methods: tableOf(runs),
      runs: runs.map(runFigures),
    }
  },
}
