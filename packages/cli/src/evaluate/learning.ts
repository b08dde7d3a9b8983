import { availableParallelism } from 'node:os'
import type { Encoder } from '@takt/nn'
import { learnEncoder, type TrainingMethod, trainingMethods } from '@takt/recording'
import { cliError } from '../errors.ts'

/** What an encoder is to learn from the recording before it describes it. */
export interface Learning {
  readonly method: TrainingMethod
  readonly budgetMs: number
}

/** The options `--method` and `--budget`; none where no method is named. Throws `option-invalid`. */
export function parseLearning(method: string | undefined, budget: string): Learning | undefined {
  if (method === undefined) return undefined
  const known = trainingMethods.find(name => name === method)
  if (!known) throw cliError('option-invalid', { option: 'method', value: method, wanted: trainingMethods.join(', ') })
  return { method: known, budgetMs: parseBudget(budget) }
}

const unitsMs: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 }

/** Reads `--budget`; throws `option-invalid`. */
export function parseBudget(text: string): number {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)([smh])$/.exec(text) ?? []
  const budgetMs = Number(amount) * unitsMs[unit ?? '']!
  if (budgetMs > 0) return budgetMs
  throw cliError('option-invalid', { option: 'budget', value: text, wanted: 'a time such as 90s, 5m or 1h' })
}

interface Recording {
  readonly video: string
  readonly signal: AbortSignal
  readonly say: (line: string) => void
}

/** Says so often how far it is, ms. */
const SAY_EVERY_MS = 10_000

/** An encoder after it has learnt from a recording, no label being looked at. */
export async function learnt(encoder: Encoder, { method, budgetMs }: Learning, recording: Recording): Promise<Encoder> {
  const { video, signal, say } = recording
  let saidAt = 0
  const parameters = await learnEncoder({
    ...{ video, method, budgetMs, encoder, signal },
    seed: 1,
    threads: availableParallelism(),
    onProgress: ({ step, steps, loss, features: { effectiveRank, spread, placeShare } }) => {
      if (performance.now() - saidAt < SAY_EVERY_MS) return
      saidAt = performance.now()
      const shown = `rank ${effectiveRank.toFixed(1)}, spread ${spread.toFixed(2)}, place ${placeShare.toFixed(2)}`
      say(`${method}: step ${step} of ${steps}, loss ${loss.toFixed(3)}, ${shown}`)
    },
  })
  return { ...encoder, parameters }
}
