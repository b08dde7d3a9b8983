import {
  type ChosenHead,
  chooseHead,
  type EvaluationRequest,
  type HeadKind,
  headKinds,
  headRequest,
} from '@takt/recording'
import { cliError } from '../errors.ts'
import type { DescribedRun } from './describe-for-evaluation.ts'

type AskedHead = HeadKind | 'auto'

/** Reads `--head`; throws `option-invalid`. */
export function parseHead(text: string): AskedHead {
  const all = ['auto', ...headKinds] as const
  const head = all.find(name => name === text)
  if (!head) throw cliError('option-invalid', { option: 'head', value: text, wanted: all.join(', ') })
  return head
}

/**
 * One head for all runs, so that descriptions alone differ; where it is chosen, each name has one say but those that have
 * learnt from the labels that are held out.
 */
export async function headFor(
  asked: AskedHead,
  runs: readonly DescribedRun[],
  rest: Omit<EvaluationRequest, 'features' | 'head'>,
): Promise<ChosenHead> {
  if (asked !== 'auto') return { head: asked, because: 'as asked' }
  const firstOfName = runs.filter(
    ({ name, supervised }, index) => !supervised && runs.findIndex(run => run.name === name) === index,
  )
  return chooseHead(firstOfName.map(({ features }) => headRequest({ features, ...rest })))
}
