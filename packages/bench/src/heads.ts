import { untrainedEncoder } from '@takt/nn'
import {
  describeRecording,
  encoderDescriber,
  headRequest,
  hogDescriber,
  type Scores,
  scorePrediction,
  timeOutside,
} from '@takt/recording'
import { openRuntime } from '@takt/runtime'
import { STEP_SECONDS } from '@takt/steps'
import type { Benchmark } from './benchmark.ts'
import { climb, type Rung, rungs } from './heads/head-ladder.ts'
import { filmNames, firstFilms, type HeldOutFilm, heldOutFilms } from './heads/held-out-films.ts'
import { meanScores } from './heads/mean-scores.ts'

const descriptions = ['untrained', 'hog'] as const
type Description = (typeof descriptions)[number]

/** What each part of a head is worth where one cycle is labelled. */
export const heads: Benchmark = {
  about: 'one labelled cycle, the rest of a film predicted: a linear head, then a temporal one part by part',
  run: async ({ quick, materialDir, say, signal }) => {
    const networks = quick ? 1 : 3
    const scored: { readonly description: Description; readonly scores: Readonly<Record<Rung, Scores>> }[] = []
    await using runtime = await openRuntime({ provider: 'cpu', threads: 1, signal })
    const encoder = untrainedEncoder({ seed: 1 })
    await using untrained = encoderDescriber(runtime, encoder)
    for await (const film of heldOutFilms(quick ? firstFilms : filmNames, { materialDir, signal })) {
      const hog = hogDescriber(encoder.spec.inputSize)
      const { features } = await describeRecording(film.file, { untrained, hog }, signal)
      for (const description of descriptions) {
        const scores = await scoreRungs(film, { features: features[description], networks, signal })
        scored.push({ description, scores })
        const figures = rungs.map(
          rung => `${rung} ${scores[rung].accuracy?.toFixed(0)}/${scores[rung].f1At50?.toFixed(0)}`,
        )
        say(`${film.name}, ${description}: ${figures.join(', ')}`)
      }
    }
    const meansOf = (description: Description) => {
      const own = scored.filter(of => of.description === description).map(({ scores }) => scores)
      return Object.fromEntries(rungs.map(rung => [rung, meanScores(own.map(scores => scores[rung]))]))
    }
    return {
      films: scored.length / descriptions.length,
      networks,
      untrained: meansOf('untrained'),
      hog: meansOf('hog'),
    }
  },
}

async function scoreRungs(
  { spans, train }: HeldOutFilm,
  seen: { readonly features: readonly Float32Array[]; readonly networks: number; readonly signal: AbortSignal },
): Promise<Readonly<Record<Rung, Scores>>> {
  const request = headRequest({ features: seen.features, spans, train, seeds: seen.networks, signal: seen.signal })
  const tested = timeOutside(train, seen.features.length * STEP_SECONDS)
  const found = await climb(request)
  const scores = rungs.map(rung => [rung, scorePrediction(request.labelled, spans, found[rung], tested)] as const)
  return Object.fromEntries(scores) as Record<Rung, Scores>
}
