import { dirname } from 'node:path'
import { untrainedEncoder } from '@takt/nn'
import { describeRecording, encoderDescriber, hogDescriber } from '@takt/recording'
import { openRuntime } from '@takt/runtime'
import type { Benchmark, Figures } from './benchmark.ts'
import { films, stationNames } from './steps/films.ts'
import { scoreFilms } from './steps/score-films.ts'
import { labelledSeconds, type TimedFilm, timeFilm } from './steps/time-film.ts'

const rivals = ['untrained', 'hogMotion'] as const

/** Steps found and timed on films of known truth: the untrained encoder beside a hand-made descriptor, under one head. */
export const steps: Benchmark = {
  about: 'step times after 85 s of labels: untrained encoder beside HOG and motion energy, same head, films and seeds',
  run: async ({ quick, materialDir, say, signal }) => {
    const seeds = quick ? [1] : [1, 2, 3]
    const stations = quick ? (['bench'] as const) : stationNames
    const encoder = untrainedEncoder({ seed: 1 })
    await using runtime = await openRuntime({ provider: 'cpu', threads: 1, signal })
    await using untrained = encoderDescriber(runtime, encoder)

    const timed = { untrained: new Map<string, TimedFilm[]>(), hogMotion: new Map<string, TimedFilm[]>() }
    for (const station of stations) {
      for (const seed of seeds) {
        const film = await films[station]({ seed, stateDir: dirname(materialDir), signal })
        const hogMotion = hogDescriber(encoder.spec.inputSize)
        const { features } = await describeRecording(film.file, { untrained, hogMotion }, signal)
        for (const rival of rivals) {
          const found = await timeFilm(film, features[rival], signal)
          timed[rival].set(station, [...(timed[rival].get(station) ?? []), found])
        }
        say(`${station}, seed ${seed}`)
      }
    }
    const scores = (byStation: ReadonlyMap<string, readonly TimedFilm[]>): Figures => ({
      all: scoreFilms([...byStation.values()].flat()),
      ...Object.fromEntries([...byStation].map(([station, ofSeeds]) => [station, scoreFilms(ofSeeds)])),
    })
    return {
      seeds: seeds.length,
      labelledSeconds,
      untrained: scores(timed.untrained),
      hogMotion: scores(timed.hogMotion),
    }
  },
}
