import { availableParallelism } from 'node:os'
import { type Encoder, untrainedEncoder } from '@takt/nn'
import { describeRecording, encoderDescriber, hogDescriber, RecordingError, type TrainingMethod } from '@takt/recording'
import { openRuntime, type Runtime, RuntimeError } from '@takt/runtime'
import { type FilmName, type HeldOutFilm, heldOutFilms } from '../heads/held-out-films.ts'
import { learnOnFilm } from './learn-on-film.ts'
import { type Outcome, type Run, rivals } from './run.ts'
import { scoreFeatures } from './score-features.ts'

export interface Sizes {
  readonly methods: readonly TrainingMethod[]
  readonly budgetSeconds: number
  readonly films: readonly FilmName[]
  readonly seeds: number
  /** Networks of the temporal head. */
  readonly networks: number
}

interface Surroundings {
  readonly materialDir: string
  readonly signal: AbortSignal
}

interface Bench extends Sizes, Surroundings {
  readonly runtime: Runtime
  readonly threads: number
}

/** Every contender on every film by every seed, each run as it ends. */
export async function* runFilms(sizes: Sizes, surroundings: Surroundings): AsyncGenerator<Run> {
  const threads = availableParallelism()
  await using runtime = await openRuntime({ provider: 'cpu', threads, signal: surroundings.signal })
  const bench = { ...sizes, ...surroundings, runtime, threads }
  for await (const film of heldOutFilms(sizes.films, surroundings)) {
    for (let seed = 1; seed <= sizes.seeds; seed++) yield* runSeed(film, seed, bench)
  }
}

async function* runSeed(film: HeldOutFilm, seed: number, bench: Bench): AsyncGenerator<Run> {
  const encoder = untrainedEncoder({ seed })
  for (const contender of seed === 1 ? rivals : (['untrained'] as const))
    yield { contender, film: film.name, seed, outcome: await rivalOutcome(contender, film, { ...bench, encoder }) }
  for (const contender of bench.methods)
    yield {
      contender,
      film: film.name,
      seed,
      outcome: await learntOutcome(contender, film, { ...bench, encoder, seed }),
    }
}

interface From extends Bench {
  readonly encoder: Encoder
}

async function rivalOutcome(contender: (typeof rivals)[number], film: HeldOutFilm, from: From): Promise<Outcome> {
  const scores = await (contender === 'hog' ? scoreHog(film, from) : scoreEncoder(film, from))
  return { failed: null, scores, cost: null }
}

async function learntOutcome(
  method: TrainingMethod,
  film: HeldOutFilm,
  from: From & { readonly seed: number },
): Promise<Outcome> {
  const { encoder, seed, threads, signal } = from
  const learning = { video: film.file, method, encoder, seed, threads, signal, budgetMs: from.budgetSeconds * 1000 }
  try {
    const learnt = await learnOnFilm(learning)
    const scores = await scoreEncoder(film, { ...from, encoder: learnt.encoder })
    return { failed: null, scores, cost: learnt.cost }
  } catch (error) {
    if (!isFailedLearning(error)) throw error
    return { failed: error.message }
  }
}

/** That a method collapses or diverges is a finding. */
const isFailedLearning = (error: unknown): error is Error =>
  (error instanceof RecordingError && error.code === 'encoder-collapsed') ||
  (error instanceof RuntimeError && error.code === 'not_finite')

async function scoreHog(film: HeldOutFilm, { encoder, networks, signal }: From) {
  const hog = hogDescriber(encoder.spec.inputSize)
  const { features } = await describeRecording(film.file, { hog }, signal)
  return scoreFeatures(film, { features: features.hog, networks, signal })
}

async function scoreEncoder(film: HeldOutFilm, { runtime, encoder, networks, signal }: From) {
  await using described = encoderDescriber(runtime, encoder)
  const { features } = await describeRecording(film.file, { described }, signal)
  return scoreFeatures(film, { features: features.described, networks, signal })
}
