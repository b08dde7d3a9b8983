import { dirname } from 'node:path'
import { type ComposedVideo, composeBench, composeStation } from '@takt/dev-env'
import type { TimeRange } from '@takt/recording'
import { type LabelSpan, TASK_TIER } from '@takt/steps'

/** A film of which the first cycle is labelled, `train`, and all the rest is to be predicted. */
export interface HeldOutFilm {
  readonly name: FilmName
  readonly file: string
  readonly spans: readonly LabelSpan[]
  readonly train: readonly TimeRange[]
}

const minutes = 3
const stations = ['bench', 'jumper', 'shirt'] as const

/** Nothing was tuned on them: the temporal head's defaults were chosen on the films of seed 1. */
const seeds = [11, 12, 13] as const

/** A station and a seed. */
export type FilmName = `${(typeof stations)[number]}-${(typeof seeds)[number]}`

/** All films, those of the first seed first. */
export const filmNames: readonly FilmName[] = seeds.flatMap(seed =>
  stations.map(station => `${station}-${seed}` as const),
)

/** The first of each station. */
export const firstFilms: readonly FilmName[] = filmNames.slice(0, stations.length)

interface FilmOptions {
  readonly materialDir: string
  readonly signal: AbortSignal
}

/** Films that no default was chosen on, one after the other, rendered where they are not kept. */
export async function* heldOutFilms(names: readonly FilmName[], options: FilmOptions): AsyncGenerator<HeldOutFilm> {
  for (const name of names) yield await heldOutFilm(name, options)
}

async function heldOutFilm(name: FilmName, { materialDir, signal }: FilmOptions): Promise<HeldOutFilm> {
  const [station, seed] = name.split('-')
  const options = { seed: Number(seed), stateDir: dirname(materialDir), minutes, signal }
  const film =
    station === 'bench'
      ? await composeBench(options)
      : await composeStation({ ...options, person: station === 'jumper' ? 'hooded-jumper' : 'grey-t-shirt' })
  const { file, truth } = film
  const spans = truth.map(({ step, startSeconds, endSeconds }) => ({
    label: step,
    startSeconds,
    endSeconds,
    tier: TASK_TIER,
  }))
  return { name, file, spans, train: [firstCycle(film)] }
}

/** What follows the last step of a cycle and is labelled with it. */
const AFTER_SECONDS = 0.5

function firstCycle({ truth }: ComposedVideo): TimeRange {
  const steps = truth.filter(({ cycle }) => cycle === 0)
  return { startSeconds: 0, endSeconds: steps.at(-1)!.endSeconds + AFTER_SECONDS }
}
