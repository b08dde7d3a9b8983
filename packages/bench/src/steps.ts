import { dirname } from 'node:path'
import { untrainedEncoder } from '@takt/nn'
import { describeRecording, encoderDescriber, hogDescriber } from '@takt/recording'
import { openRuntime } from '@takt/runtime'
import type { Benchmark, Figures } from './benchmark.ts'
import { films, type StationName, stationNames } from './steps/films.ts'
import { scoreFilms } from './steps/score-films.ts'
import { type FilmHead, labelledSeconds, type TimedFilm, timeFilm } from './steps/time-film.ts'

const rivals = ['untrained', 'hogMotion'] as const
type Rival = (typeof rivals)[number]

/** Scorers of each step for itself, networks over windows, and what a plant's fit takes. */
const filmHeads = ['linear', 'temporal', 'chosen'] as const satisfies readonly FilmHead[]

interface TimedBy {
  readonly station: StationName
  readonly rival: Rival
  readonly filmHead: (typeof filmHeads)[number]
  readonly timed: TimedFilm
}

/** Steps found and timed on films of known truth: the untrained encoder beside a hand-made descriptor, under each head. */
export const steps: Benchmark = {
  about:
    'step times after 85 s of labels: untrained encoder beside HOG and motion energy, each under linear and temporal heads',
  run: async ({ quick, materialDir, say, signal }) => {
    const seeds = quick ? [1] : [1, 2, 3]
    const stations = quick ? (['bench'] as const) : stationNames
    const encoder = untrainedEncoder({ seed: 1 })
    await using runtime = await openRuntime({ provider: 'cpu', threads: 1, signal })
    await using untrained = encoderDescriber(runtime, encoder)

    const all: TimedBy[] = []
    for (const station of stations) {
      for (const seed of seeds) {
        const film = await films[station]({ seed, stateDir: dirname(materialDir), signal })
        const hogMotion = hogDescriber(encoder.spec.inputSize)
        const { features } = await describeRecording(film.file, { untrained, hogMotion }, signal)
        for (const rival of rivals)
          for (const filmHead of filmHeads)
            all.push({ station, rival, filmHead, timed: await timeFilm(film, features[rival], { filmHead, signal }) })
        say(`${station}, seed ${seed}`)
      }
    }
    return {
      seeds: seeds.length,
      labelledSeconds,
      ...figuresBy(rivals, rival =>
        figuresBy(filmHeads, filmHead => {
          const own = all.filter(each => each.rival === rival && each.filmHead === filmHead)
          return scoresOf(own, stations)
        }),
      ),
    }
  },
}

/** Of all stations together, and of each; how often which kind of head was chosen. */
function scoresOf(timed: readonly TimedBy[], stations: readonly StationName[]): Figures {
  const scoresAt = (own: readonly TimedBy[]) => scoreFilms(own.map(({ timed }) => timed))
  const kinds = Map.groupBy(timed, ({ timed: { kind } }) => kind)
  return {
    all: scoresAt(timed),
    ...figuresBy(stations, station => scoresAt(timed.filter(each => each.station === station))),
    kinds: figuresBy([...kinds.keys()], kind => kinds.get(kind)!.length),
  }
}

const figuresBy = <Name extends string>(names: readonly Name[], figureOf: (name: Name) => Figures[string]): Figures =>
  Object.fromEntries(names.map(name => [name, figureOf(name)]))
