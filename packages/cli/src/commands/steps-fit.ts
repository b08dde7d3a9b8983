import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sequenceEngine } from '@takt/recording'
import {
  type FrameLabels,
  fitSequenceHead,
  type HeadName,
  headRecipes,
  type LabelledFeatures,
  largestClasses,
  type SequenceEngine,
  type SequenceHead,
  scoreSequences,
  segmentationScores,
  UNKNOWN,
} from '@takt/steps'
import { figureLines } from '../steps/figure-lines.ts'
import { findMapping } from '../steps/find-mapping.ts'
import { readClassNames } from '../steps/read-class-names.ts'
import { readLists } from '../steps/read-lists.ts'
import { openSequences } from '../steps/sequence-files.ts'

export interface FitRequest {
  readonly features: string
  readonly labels: string
  readonly train: string
  readonly test: string
  /** `mapping.txt` beside or above the labels or the features, unless given. */
  readonly mapping: string | undefined
  readonly head: HeadName
  /** The recipe's own unless given. */
  readonly epochs: number | undefined
  readonly seeds: readonly number[]
  /** Names of classes that segment scores leave out. */
  readonly background: readonly string[]
  /** For predictions, a class a line. */
  readonly out: string | undefined
  readonly threads: number
  readonly signal: AbortSignal
  readonly say: (line: string) => void
}

/**
 * Fits a head on the training sequences and scores what it makes of the tested ones. Features are read a sequence at a
 * time; labels of tested sequences only score.
 */
export async function fitSequenceFiles(request: FitRequest) {
  const { head: name, seeds, say, signal, threads } = request
  const classNames = await readClassNames(request.mapping ?? findMapping([request.labels, request.features]))
  const lists = await readLists(request)
  const { form, timeAxis, training, tested } = await openSequences({ ...request, classNames }, lists)
  const ignored = request.background.map(each => classNames.indexOf(each)).filter(index => index >= 0)
  const engine = sequenceEngine({ threads, signal })
  const epochs = request.epochs ?? headRecipes[name].epochs
  say(`fitting ${name} on ${training.length} sequences of ${form.channels} features`)
  const started = performance.now()
  const head = await fitSequenceHead({
    head: name,
    sequences: training,
    form,
    classCount: classNames.length,
    seeds,
    engine,
    recipe: { epochs },
    signal,
    progress: ({ seed, epoch, loss }) => say(`seed ${seed}, epoch ${epoch} of ${epochs}: loss ${loss.toFixed(4)}`),
  })
  const fitSeconds = (performance.now() - started) / 1000
  const predictions = await predict(head, tested, engine)
  if (request.out) await writePredictions(request.out, { predictions, classNames })
  return {
    head: name,
    classes: classNames.length,
    background: ignored.map(index => classNames[index]!),
    features: { ...form, axes: timeAxis === 0 ? 'time first' : 'channel first' },
    train: training.length,
    test: tested.length,
    epochs,
    seeds,
    threads,
    fitSeconds,
    results: { frames: segmentationScores(known([...predictions.values()]), ignored) },
  }
}

/** A line a method, per-video means, as the field prints them. */
export function fitLines({ results }: Awaited<ReturnType<typeof fitSequenceFiles>>): readonly string[] {
  return figureLines('per video', { frames: results.frames.perVideo })
}

type Predictions = ReadonlyMap<string, FrameLabels>

async function predict(
  head: SequenceHead,
  tested: readonly LabelledFeatures[],
  engine: SequenceEngine,
): Promise<Predictions> {
  const found = new Map<string, FrameLabels>()
  for await (const { sequence, scores } of scoreSequences(head, tested, engine)) {
    found.set(sequence.name, { truth: sequence.labels, predicted: largestClasses(scores, head.sizes.classes) })
  }
  return found
}

/** Only what has a label is scored. */
function known(sequences: readonly FrameLabels[]): readonly FrameLabels[] {
  return sequences.map(({ truth, predicted }) => {
    const isKnown = (_: number, time: number) => truth[time] !== UNKNOWN
    return { truth: truth.filter(isKnown), predicted: predicted.filter(isKnown) }
  })
}

async function writePredictions(
  folder: string,
  { predictions, classNames }: { readonly predictions: Predictions; readonly classNames: readonly string[] },
): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (const [name, { predicted }] of predictions) {
    await writeFile(join(folder, `${name}.txt`), [...predicted].map(k => `${classNames[k]}\n`).join(''))
  }
}
