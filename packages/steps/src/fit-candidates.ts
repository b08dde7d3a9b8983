import { type FittedLinearView, fitLinearView, type ViewFit } from './fit-linear-view.ts'
import type { FittedKind } from './fit-options.ts'
import { type FittedTemporalView, fitTemporalView, type Train } from './fit-temporal-view.ts'
import type { ViewScorer } from './scorer-kinds.ts'
import { REACH } from './temporal-head/window-network.ts'
import { viewsOf } from './training-sequence.ts'

/** What all views of a head are fitted from. */
export type Fit = Omit<ViewFit, 'viewId'>

export type FitProgress = { readonly stage: 'scorer' | 'network' | 'crossValidation'; readonly share: number }

/** Scorers of one kind of head: those fitted without a fold, and how to have those that have seen all. */
export type Candidate = {
  readonly kind: FittedKind
  readonly viewsWithout: (fold: number) => readonly ViewScorer[]
  readonly views: () => Promise<readonly ViewScorer[]>
}

/** Fits what is tried, from the simplest kind on: the linear scorers first, whose moments the temporal ones take over. */
export async function fitCandidates(
  fit: Fit,
  { train, progress = () => {} }: { readonly train?: Train; readonly progress?: (done: FitProgress) => void },
): Promise<readonly Candidate[]> {
  const { sequences, options } = fit
  const views = viewsOf(sequences).map((viewId): ViewFit => ({ ...fit, viewId }))
  const shares = (stage: FitProgress['stage'], index: number) => (share: number) =>
    progress({ stage, share: (index + share) / views.length })

  const linear: FittedLinearView[] = []
  for (const [index, view] of views.entries()) linear.push(await fitLinearView(view, shares('scorer', index)))
  const ofLinear: Candidate = {
    kind: 'linear',
    viewsWithout: fold => linear.map(({ withoutFold }) => withoutFold[fold]!),
    views: async () => linear.map(({ scorer }) => scorer),
  }
  const { kind } = options
  const isTried = kind === undefined ? options.lookAheadSteps >= REACH : kind !== 'linear'
  if (train === undefined || !isTried) return [ofLinear]

  const temporal: FittedTemporalView[] = []
  for (const [index, view] of views.entries())
    temporal.push(await fitTemporalView(view, linear[index]!, train, shares('network', index)))
  const ofTemporal: Candidate = {
    kind: 'temporal',
    viewsWithout: fold => temporal.map(({ withoutFold }) => withoutFold[fold]!),
    views: () => inTurn(temporal.map(({ fitWhole }) => fitWhole)),
  }
  const ofBoth: Candidate = {
    kind: 'both',
    viewsWithout: fold => [ofLinear, ofTemporal].flatMap(({ viewsWithout }) => viewsWithout(fold)),
    views: async () => (await inTurn([ofLinear.views, ofTemporal.views])).flat(),
  }
  return [ofLinear, ofTemporal, ofBoth].filter(candidate => kind === undefined || candidate.kind === kind)
}

async function inTurn<T>(tasks: readonly (() => Promise<T>)[]): Promise<readonly T[]> {
  const results: T[] = []
  for (const task of tasks) results.push(await task())
  return results
}
