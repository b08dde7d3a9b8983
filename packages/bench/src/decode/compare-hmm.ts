import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { hmmPath, hmmPosterior } from '@takt/steps'
import type { Figures } from '../benchmark.ts'
import type { PythonRival } from '../python/python-rival.ts'
import { drawChain, share } from './decode-material.ts'
import { takeTurns } from './take-turns.ts'

export interface HmmSizes {
  readonly steps: number
  readonly classCount: number
  readonly rounds: number
}

interface Answer {
  readonly seconds: number
  readonly result: readonly number[] | null
}

/** What two orders of summing may differ by. */
const tolerance = 1e-9

/** Forward–backward and Viterbi beside hmmlearn's C, which has two ways of keeping numbers in range. */
export async function compareHmm(rival: PythonRival, folder: string, { rounds, ...sizes }: HmmSizes): Promise<Figures> {
  const { initial, next, logEvidence } = drawChain({ ...sizes, seed: 1 })
  const { steps, classCount } = sizes
  const shared = {
    values: await share(folder, `evidence-${classCount}`, logEvidence, [steps, classCount]),
    initial: await share(folder, `initial-${classCount}`, initial, [classCount]),
    next: await share(folder, `next-${classCount}`, next, [classCount, classCount]),
  }
  const asked = Object.fromEntries(Object.entries(shared).map(([name, { file, shape }]) => [name, { file, shape }]))
  const model = { initial, next }
  const posterior = (implementation: 'scaling' | 'log') =>
    takeTurns(
      {
        ours: () => hmmPosterior(model, logEvidence).occupancy,
        rival: async () => {
          const out = join(folder, 'posterior.f64')
          const { seconds } = await rival.ask<Answer>({ task: 'posterior', implementation, out, ...asked })
          const bytes = await readFile(out)
          return { seconds, result: new Float64Array(new Uint8Array(bytes).buffer) }
        },
        agree: (a, b) => a.length === b.length && a.every((value, at) => Math.abs(value - b[at]!) < tolerance),
      },
      rounds,
    )
  const viterbi = await takeTurns(
    {
      ours: (): ArrayLike<number> => hmmPath(model, logEvidence).classes,
      rival: async () => {
        const { seconds, result } = await rival.ask<Answer>({ task: 'path', ...asked })
        return { seconds, result: result! }
      },
      agree: (a, b) => a.length === b.length && Array.from(a).every((value, at) => value === b[at]),
    },
    rounds,
  )
  return {
    ...sizes,
    viterbi,
    forwardBackward: await posterior('scaling'),
    forwardBackwardBesideLogarithms: await posterior('log'),
  }
}
