import { type LinearScorer, type LinearState, linearKind } from './linear-scorer.ts'
import type { ScorerKind } from './scorer-kind.ts'
import { type TemporalScorer, temporalKind } from './temporal-head/temporal-scorer.ts'
import type { WindowState } from './temporal-head/window-state.ts'

/** What turns one view's features into logits of the classes, online and with a bounded look-ahead. */
export type ViewScorer = LinearScorer | TemporalScorer
/** What a scorer remembers; plain data. */
export type ViewState = LinearState | WindowState

export type HeadKind = ViewScorer['kind']

const kinds: { readonly [Kind in HeadKind]: unknown } = { linear: linearKind, temporal: temporalKind }

/** The kind of a view's scorer or of its state; it is given scorers and states of this kind alone. */
export function kindOf({ kind }: Pick<ViewScorer, 'kind'>): ScorerKind<ViewScorer, ViewState> {
  return kinds[kind] as ScorerKind<ViewScorer, ViewState>
}
