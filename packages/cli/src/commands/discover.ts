import { writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { cyclesSvg, renderPng, scoreDiscovery } from '@takt/recording'
import { discoverWork } from '@takt/steps'
import { command } from '../command.ts'
import { describeVideo } from '../discover/describe-video.ts'
import { discoveryLines } from '../discover/discovery-lines.ts'
import { readFeatures } from '../discover/read-features.ts'
import { cliError } from '../errors.ts'
import { readLabelSpans } from '../evaluate/read-label-spans.ts'

const usage =
  'discover --video FILE [--encoder hog|untrained|FILE.safetensors] | --features FILE.npy --rate HZ [--labels FILE.csv [--opening LABEL]] [--picture P.png] [--json]'

export const discover = command({
  usage,
  about:
    'Finds the cycles of a recording and the steps in them without any label; --labels only score, --opening names the step that opens a cycle.',
  options: {
    video: { type: 'string' },
    encoder: { type: 'string', default: 'hog' },
    features: { type: 'string' },
    rate: { type: 'string' },
    labels: { type: 'string' },
    opening: { type: 'string' },
    picture: { type: 'string' },
  },
  run: async ({ options, say }) => {
    const { video, features, encoder, rate, labels, picture } = options
    const source = video ?? features
    if (source === undefined || (video !== undefined && features !== undefined)) throw cliError('usage', { usage })
    const spans = labels === undefined ? [] : await readLabelSpans(labels)
    const { signal } = new AbortController()
    const seen =
      video === undefined
        ? await readFeatures(source, parseRate(rate))
        : await describeVideo({ video, encoder: encoder!, signal, say })
    const lengthSeconds = seen.vectors.length * seen.stepSeconds
    const work = await discoverWork({ ...seen, signal })
    const opening = options.opening ?? spans.toSorted((a, b) => a.startSeconds - b.startSeconds)[0]?.label
    const scored = work.found && opening !== undefined
    const scores = scored ? scoreDiscovery({ work, spans, opening, lengthSeconds }) : null
    if (picture && work.found) await writeFile(picture, renderPng(cyclesSvg(basename(source), work)))
    return { answer: { source, lengthSeconds, ...work, scores }, lines: discoveryLines(work, scores) }
  },
})

/** Slower features show no work, faster ones are none. */
const RATES = { least: 0.2, most: 240 }

function parseRate(text: string | undefined): number {
  if (text === undefined) throw cliError('usage', { usage })
  const rate = Number(text)
  if (!(rate >= RATES.least && rate <= RATES.most)) {
    const wanted = `a number of vectors a second from ${RATES.least} to ${RATES.most}`
    throw cliError('option-invalid', { option: 'rate', value: text, wanted })
  }
  return rate
}
