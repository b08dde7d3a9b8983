import { availableParallelism } from 'node:os'
import type { Encoder } from '@takt/nn'
import { fineTuneEncoder, type TimeRange } from '@takt/recording'
import type { LabelSpan } from '@takt/steps'
import { cliError } from '../errors.ts'
import { parseBudget } from './learning.ts'

/** How much of an encoder learns from labels before it describes a recording, and for how long. */
export interface FineTuning {
  readonly blocks: number
  readonly budgetMs: number
}

/** The options `--fine-tune` and `--budget`; none where no blocks are asked for. Throws `option-invalid`. */
export function parseFineTuning(blocks: string | undefined, budget: string): FineTuning | undefined {
  if (blocks === undefined) return undefined
  if (!/^[1-9]\d{0,2}$/.test(blocks)) {
    throw cliError('option-invalid', { option: 'fine-tune', value: blocks, wanted: 'a number of blocks such as 1' })
  }
  return { blocks: Number(blocks), budgetMs: parseBudget(budget) }
}

interface Labelled {
  readonly video: string
  readonly spans: readonly LabelSpan[]
  readonly train: readonly TimeRange[]
  readonly signal: AbortSignal
  readonly say: (line: string) => void
}

/** An encoder after its last blocks have learnt from the training ranges. Throws `option-invalid` where it has fewer. */
export async function fineTuned(
  encoder: Encoder,
  { blocks, budgetMs }: FineTuning,
  { say, ...labelled }: Labelled,
): Promise<Encoder> {
  const { depth } = encoder.spec
  if (blocks > depth) {
    throw cliError('option-invalid', { option: 'fine-tune', value: `${blocks}`, wanted: `${depth} blocks at most` })
  }
  const { parameters, kept, heldOutLossBefore } = await fineTuneEncoder({
    ...{ blocks, budgetMs, encoder, ...labelled },
    seed: 1,
    threads: availableParallelism(),
    onProgress: ({ step, steps, loss, heldOutLoss }) =>
      say(
        `fine-tuned: step ${step} of ${steps}, loss ${loss.toFixed(3)}, of labels held out ${heldOutLoss.toFixed(3)}`,
      ),
  })
  const gain = `${heldOutLossBefore.toFixed(3)} → ${kept.heldOutLoss.toFixed(3)}`
  say(`fine-tuned: kept after step ${kept.step} of ${kept.steps}; loss of labels held out ${gain}`)
  return { ...encoder, parameters }
}
