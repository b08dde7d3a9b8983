import { command } from '../command.ts'
import { cliError } from '../errors.ts'
import { decodeLines, decodeScoreFiles } from './steps-decode.ts'

const usage = 'steps decode --scores DIR --labels DIR --train LIST --test LIST [--mapping FILE] [--json]'

export const steps = command({
  usage,
  about:
    'Steps from any classifier\'s frame scores: NAME.npy of [time, class], NAME.txt of one label a line, mapping.txt of "index class"; LIST has a name a line. The decoder is fitted on --train; labels of --test only score.',
  options: {
    scores: { type: 'string' },
    labels: { type: 'string' },
    train: { type: 'string' },
    test: { type: 'string' },
    mapping: { type: 'string' },
  },
  run: async ({ words: [verb], options, say }) => {
    const { scores, labels, train, test, mapping } = options
    if (verb !== 'decode' || !scores || !labels || !train || !test) throw cliError('usage', { usage })
    const answer = await decodeScoreFiles({ scores, labels, train, test, mapping, say })
    return { answer, lines: decodeLines(answer) }
  },
})
