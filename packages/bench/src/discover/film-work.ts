import { dirname } from 'node:path'
import { type ComposedVideo, composeBench, composeStation } from '@takt/dev-env'
import { plantEncoderSpec } from '@takt/nn'
import { describeRecording, hogDescriber } from '@takt/recording'
import { STEP_SECONDS } from '@takt/steps'
import type { SyntheticWork } from './synthetic-work.ts'

/** Stations whose films are discovered. */
export const filmStations = ['bench', 'jumper', 'shirt'] as const
type Station = (typeof filmStations)[number]

const minutes = 6

/** A film's HOG features and truth; nothing was chosen on films of the seeds that the benchmark takes. */
export async function filmWork(
  station: Station,
  { seed, materialDir, signal }: { readonly seed: number; readonly materialDir: string; readonly signal: AbortSignal },
): Promise<SyntheticWork> {
  const options = { seed, minutes, stateDir: dirname(materialDir), signal }
  const person = station === 'jumper' ? 'hooded-jumper' : 'grey-t-shirt'
  const film = station === 'bench' ? await composeBench(options) : await composeStation({ ...options, person })
  const { features } = await describeRecording(film.file, { hog: hogDescriber(plantEncoderSpec.inputSize) }, signal)
  return { vectors: features.hog, ...truthOf(film, features.hog.length) }
}

/** A cycle lasts from its first step to the next one's; the last one to the film's end, which can be looped. */
function truthOf({ truth, lengthSeconds }: ComposedVideo, stepCount: number) {
  const names = [...new Set(truth.map(({ step }) => step))]
  const labels = new Int16Array(stepCount)
  for (const { step, startSeconds, endSeconds } of truth)
    labels.fill(1 + names.indexOf(step), Math.round(startSeconds / STEP_SECONDS), Math.round(endSeconds / STEP_SECONDS))
  const cycles = [...Map.groupBy(truth, ({ cycle }) => cycle).values()]
  return { labels, borders: [...cycles.map(([first]) => first!.startSeconds), lengthSeconds] }
}
