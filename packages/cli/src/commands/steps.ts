import { command } from '../command.ts'
import { cliError } from '../errors.ts'
import { fitOptions } from '../steps/fit-options.ts'
import { decodeLines, decodeScoreFiles } from './steps-decode.ts'
import { fitLines, fitSequenceFiles } from './steps-fit.ts'

const usage = [
  'steps decode --scores DIR --labels DIR --train LIST --test LIST [--mapping FILE] [--json]',
  'steps fit --features DIR --labels DIR --train LIST --test LIST --head auto|linear|temporal|ms-tcn|ms-tcn++|timesformer-tiny [--decoder off|on|auto] [--epochs N] [--seed N] [--seeds N] [--background NAME …] [--rate HZ] [--out DIR] [--threads N] [--mapping FILE] [--json]',
].join(' | takt ')

export const steps = command({
  usage,
  about:
    'decode: steps from any classifier\'s frame scores, NAME.npy of [time, class]. fit: a head learnt from features, NAME.npy of [time, channel], streamed. Labels are NAME.txt of one a line, mapping.txt of "index class"; LIST has a name a line. What is fitted is fitted on --train, where a line may be blank or ? for a step that is not known, or all but one of each step (time stamps); labels of --test only score.',
  options: {
    scores: { type: 'string' },
    features: { type: 'string' },
    labels: { type: 'string' },
    train: { type: 'string' },
    test: { type: 'string' },
    mapping: { type: 'string' },
    head: { type: 'string' },
    decoder: { type: 'string' },
    rate: { type: 'string' },
    epochs: { type: 'string' },
    seed: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '1' },
    background: { type: 'string', multiple: true },
    out: { type: 'string' },
    threads: { type: 'string' },
  },
  run: async ({ words: [verb], options, say }) => {
    const { scores, features, labels, train, test, mapping, head, out } = options
    if (verb === 'decode' && scores && labels && train && test) {
      const answer = await decodeScoreFiles({ scores, labels, train, test, mapping, say })
      return { answer, lines: decodeLines(answer) }
    }
    if (verb === 'fit' && features && labels && train && test && head) {
      const { signal } = new AbortController()
      const files = { features, labels, train, test, mapping, out }
      const answer = await fitSequenceFiles({ ...files, ...fitOptions({ ...options, head }), signal, say })
      return { answer, lines: fitLines(answer) }
    }
    throw cliError('usage', { usage })
  },
})
