import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sequenceEngine } from '@takt/recording'
import {
  decodeScores,
  epochsOf,
  type FrameLabels,
  fitSequenceHead,
  headRecipes,
  knownOnly,
  type LabelledFeatures,
  largestClasses,
  type SequenceDecoder,
  type SequenceEngine,
  type SequenceHead,
  scoreSequences,
  segmentationScores,
} from '@takt/steps'
import { chooseForFit, type HeadOption } from '../steps/choose-for-fit.ts'
import { figureLines } from '../steps/figure-lines.ts'
import { findMapping } from '../steps/find-mapping.ts'
import { readClassNames } from '../steps/read-class-names.ts'
import { readLists } from '../steps/read-lists.ts'
import { secondsOff } from '../steps/seconds-off.ts'
import { openSequences } from '../steps/sequence-files.ts'

export interface FitRequest {
  readonly features: string
  readonly labels: string
  readonly train: string
  readonly test: string
  /** `mapping.txt` beside or above the labels or the features, unless given. */
  readonly mapping: string | undefined
  readonly head: HeadOption
  readonly decoder: 'off' | 'on' | 'auto'
  /** The recipe's own unless given. */
  readonly epochs: number | undefined
  readonly seeds: readonly number[]
  /** Names of classes that segment scores leave out. */
  readonly background: readonly string[]
  /** Time steps a second, for errors in seconds. */
  readonly rate: number | undefined
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
  const { seeds, say, signal, threads, rate } = request
  const classNames = await readClassNames(request.mapping ?? findMapping([request.labels, request.features]))
  const lists = await readLists(request)
  const opened = await openSequences({ ...request, classNames }, lists)
  const { form, timeAxis, training, tested, adjusted } = opened
  const ignored = request.background.map(each => classNames.indexOf(each)).filter(index => index >= 0)
  const engine = sequenceEngine({ threads, signal })
  const started = performance.now()
  const fit = {
    sequences: training,
    form,
    classCount: classNames.length,
    seeds,
    engine,
    between: unstampedBackground(training, ignored),
    ...(request.epochs !== undefined && { recipe: { epochs: request.epochs, leastSteps: 0 } }),
    signal,
  }
  const { head: name, decoder, isDecoded, ...choice } = await chooseForFit(fit, { ...request, ignored })
  const epochs = request.epochs ?? epochsOf(headRecipes[name], training.length)
  say(`fitting ${name} on ${training.length} sequences of ${form.channels} features`)
  const head = await fitSequenceHead({
    ...fit,
    head: name,
    progress: ({ seed, epoch, loss }) => say(`seed ${seed}, epoch ${epoch} of ${epochs}: loss ${loss.toFixed(4)}`),
  })
  const fitSeconds = (performance.now() - started) / 1000
  const { frames, decoded } = await predict(head, { tested, engine, decoder })
  const predictions = isDecoded && decoded ? decoded : frames
  if (request.out) await writePredictions(request.out, { predictions, classNames })
  const score = (found: Predictions) => segmentationScores([...found.values()].map(knownOnly), ignored)
  return {
    head: name,
    ...choice,
    stage: isDecoded ? 'decoder' : 'frames',
    classes: classNames.length,
    background: ignored.map(index => classNames[index]!),
    features: { ...form, axes: timeAxis === 0 ? 'time first' : 'channel first' },
    labelsAdjusted: adjusted,
    train: training.length,
    test: tested.length,
    epochs,
    seeds,
    threads,
    fitSeconds,
    results: { frames: score(frames), ...(decoded && { decoder: score(decoded) }) },
    ...(rate !== undefined && { seconds: secondsOff([...predictions.values()], { rate, ignored }) }),
  }
}

/** A line a method, per-video means, as the field prints them. */
export function fitLines(answer: Awaited<ReturnType<typeof fitSequenceFiles>>): readonly string[] {
  const { head, because, results } = answer
  const shown = Object.entries(results).map(([method, { perVideo }]) => [method, perVideo] as const)
  return [...(because ? [`${head}: ${because}`] : []), ...figureLines('per video', Object.fromEntries(shown))]
}

/** The one background class, where time stamps leave it out; it may then lie between two of them. */
function unstampedBackground(training: readonly LabelledFeatures[], ignored: readonly number[]): number | null {
  const [background] = ignored
  if (background === undefined || ignored.length > 1) return null
  const isStamp = (labels: Int16Array, time: number) => (labels[time - 1] ?? -1) < 0 && (labels[time + 1] ?? -1) < 0
  const isStamped = training.some(({ labels }) => {
    return labels.some((label, time) => label === background && isStamp(labels, time))
  })
  return isStamped || !training.some(({ labels }) => labels.includes(background)) ? null : background
}

type Predictions = ReadonlyMap<string, FrameLabels>

type Prediction = {
  readonly tested: readonly LabelledFeatures[]
  readonly engine: SequenceEngine
  readonly decoder: SequenceDecoder | null
}

async function predict(head: SequenceHead, { tested, engine, decoder }: Prediction) {
  const frames = new Map<string, FrameLabels>()
  const decoded = decoder && new Map<string, FrameLabels>()
  for await (const { sequence, scores } of scoreSequences(head, tested, engine)) {
    const { name, labels: truth } = sequence
    frames.set(name, { truth, predicted: largestClasses(scores, head.sizes.classes) })
    if (decoder) decoded?.set(name, { truth, predicted: decodeScores(decoder, scores) })
  }
  return { frames, decoded }
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
