import { writeFile } from 'node:fs/promises'
import {
  type Evaluation,
  evaluateRecording,
  medianScores,
  parseTimeRange,
  printTimeRange,
  renderPng,
  type Scores,
  type TimeRange,
  timelineSvg,
  timeOutside,
} from '@takt/recording'
import { openRuntime } from '@takt/runtime'
import { type LabelSpan, labelFormats } from '@takt/steps'
import { command } from '../command.ts'
import { cliError } from '../errors.ts'
import { describeForEvaluation } from '../evaluate/describe-for-evaluation.ts'
import { parseFineTuning } from '../evaluate/fine-tuning.ts'
import { headFor, parseHead } from '../evaluate/head-option.ts'
import { parseLearning } from '../evaluate/learning.ts'
import { predictedVideo } from '../evaluate/predicted-video.ts'
import { readLabelSpans } from '../evaluate/read-label-spans.ts'
import { scoreTable } from '../evaluate/score-table.ts'

const usage =
  'evaluate --video FILE --labels FILE.csv --train 0-45 [--train …] [--encoder FILE.safetensors] [--method METHOD] [--fine-tune BLOCKS] [--budget 5m] [--head auto|temporal|linear] [--seeds 3] [--out P.csv] [--picture P.png] [--json]'

export const evaluate = command({
  usage,
  about: 'Fits a head on the labelled ranges of a recording, predicts the rest and compares; no plant is needed.',
  options: {
    video: { type: 'string' },
    labels: { type: 'string' },
    train: { type: 'string', multiple: true },
    encoder: { type: 'string' },
    method: { type: 'string' },
    'fine-tune': { type: 'string' },
    budget: { type: 'string', default: '5m' },
    head: { type: 'string', default: 'auto' },
    seeds: { type: 'string', default: '3' },
    out: { type: 'string' },
    picture: { type: 'string' },
  },
  run: async ({ options, say }) => {
    const { video, labels, out, picture } = options
    if (!video || !labels || !options.train?.length) throw cliError('usage', { usage })
    const train = options.train.map(parseTimeRange)
    const seeds = parseSeeds(options.seeds)
    const asked = parseHead(options.head)
    const learning = parseLearning(options.method, options.budget)
    const fineTuning = parseFineTuning(options['fine-tune'], options.budget)
    const spans = await readLabelSpans(labels)
    const signal = new AbortController().signal
    await using runtime = await openRuntime({ provider: 'cpu', threads: 1, signal })

    const described = await describeForEvaluation({
      ...{ video, encoder: options.encoder, learning, fineTuning, spans, train, seeds, runtime, signal, say },
    })
    const { head, because } = await headFor(asked, described.runs, { spans, train, seeds, signal })
    say(`${head} head: ${because}`)
    const evaluations = new Map<string, Evaluation[]>()
    for (const { name, features } of described.runs) {
      const evaluation = await evaluateRecording({ features, spans, train, head, seeds, signal })
      evaluations.set(name, [...(evaluations.get(name) ?? []), evaluation])
      say(`${name}: accuracy ${evaluation.scores.accuracy?.toFixed(1)}, F1@50 ${evaluation.scores.f1At50?.toFixed(1)}`)
    }

    const chosen = evaluations.get(described.chosen)![0]!
    const lengthSeconds = described.lengthSeconds
    if (out) await writeFile(out, labelFormats.csv.print([predictedVideo(chosen.prediction)], new Date()))
    if (picture) await writeFile(picture, renderPng(drawTimeline({ video, lengthSeconds, train, spans, evaluations })))
    const results = Object.fromEntries(
      [...evaluations].map(([name, runs]) => [
        name,
        { ...medianScores(runs.map(run => run.scores)), runs: runs.map(run => run.scores) },
      ]),
    )
    return {
      answer: {
        video,
        lengthSeconds,
        train: train.map(printTimeRange),
        tested: timeOutside(train, lengthSeconds).map(printTimeRange),
        seeds,
        head,
        because,
        encoder: described.chosen,
        decoderErrors: described.decoderErrors,
        results,
      },
      lines: [`${head} head: ${because}`, ...scoreTable(results as Record<string, Scores>)],
    }
  },
})

const MOST_SEEDS = 20

function parseSeeds(text: string): number {
  const seeds = Number(text)
  if (!(Number.isInteger(seeds) && seeds >= 1 && seeds <= MOST_SEEDS)) {
    throw cliError('option-invalid', { option: 'seeds', value: text, wanted: `a whole number from 1 to ${MOST_SEEDS}` })
  }
  return seeds
}

function drawTimeline(drawn: {
  readonly video: string
  readonly lengthSeconds: number
  readonly train: readonly TimeRange[]
  readonly spans: readonly LabelSpan[]
  readonly evaluations: ReadonlyMap<string, readonly Evaluation[]>
}): string {
  const { video, lengthSeconds, train, spans, evaluations } = drawn
  const strips = [...evaluations].map(([name, [first]]) => {
    const { accuracy, f1At50, medianBoundarySeconds } = first!.scores
    const note = `acc ${accuracy?.toFixed(0)} · F1@50 ${f1At50?.toFixed(0)} · ${medianBoundarySeconds?.toFixed(2) ?? '–'} s`
    return { name, note, spans: first!.prediction.steps.map(({ step, ...span }) => ({ ...span, label: step })) }
  })
  return timelineSvg({
    title: video.split('/').at(-1)!,
    lengthSeconds,
    strips: [{ name: 'labels', note: 'what was done', spans }, ...strips],
    train,
    steps: [...new Set(spans.toSorted((a, b) => a.startSeconds - b.startSeconds).map(({ label }) => label))],
  })
}
