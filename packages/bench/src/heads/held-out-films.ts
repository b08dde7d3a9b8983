import { dirname } from 'node:path'
import { type ComposedVideo, composeBench, composeStation } from '@takt/dev-env'
import type { TimeRange } from '@takt/recording'
import { type LabelSpan, TASK_TIER } from '@takt/steps'

/** A film of which the first cycle is labelled, `train`, and all the rest is to be predicted. */
export interface HeldOutFilm {
  readonly name: string
  readonly file: string
  readonly spans: readonly LabelSpan[]
  readonly train: readonly TimeRange[]
}

const minutes = 3
const stations = ['bench', 'jumper', 'shirt'] as const

/** Nothing was tuned on them: the temporal head's defaults were chosen on the films of seed 1. */
const seeds = [11, 12, 13] as const

interface FilmOptions {
  readonly materialDir: string
  readonly signal: AbortSignal
}

/** Films that no default was chosen on, one after the other; a first of each station if `quick`. */
export async function* heldOutFilms(quick: boolean, { materialDir, signal }: FilmOptions): AsyncGenerator<HeldOutFilm> {
  for (const seed of quick ? seeds.slice(0, 1) : seeds) {
    for (const station of stations) {
      const options = { seed, stateDir: dirname(materialDir), minutes, signal }
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
      yield { name: `${station} ${seed}`, file, spans, train: [firstCycle(film)] }
    }
  }
}

/** What follows the last step of a cycle and is labelled with it. */
const AFTER_SECONDS = 0.5

function firstCycle({ truth }: ComposedVideo): TimeRange {
  const steps = truth.filter(({ cycle }) => cycle === 0)
  return { startSeconds: 0, endSeconds: steps.at(-1)!.endSeconds + AFTER_SECONDS }
}
