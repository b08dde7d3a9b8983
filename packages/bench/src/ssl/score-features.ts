import { evaluateRecording, type HeadKind, headKinds, type Scores } from '@takt/recording'
import { effectiveRank } from '@takt/ssl'
import type { HeldOutFilm } from '../heads/held-out-films.ts'
import { significant } from '../measure/round.ts'

/** What a film's vectors are worth. */
export interface FeatureScores {
  /** Under each head, of all that was not labelled: a recording's temporal head, and a linear probe decoded online. */
  readonly heads: Readonly<Record<HeadKind, Scores>>
  /** RankMe of 128 time steps, evenly spaced, each step's vector a row: at most 128. */
  readonly effectiveRank: number
}

interface Seen {
  /** One vector a time step. */
  readonly features: readonly Float32Array[]
  /** Networks of the temporal head. */
  readonly networks: number
  readonly signal: AbortSignal
}

/** Fits each head to a film's labelled cycle and compares what it predicts of the rest. */
export async function scoreFeatures(
  { spans, train }: HeldOutFilm,
  { features, networks, signal }: Seen,
): Promise<FeatureScores> {
  const scored: [HeadKind, Scores][] = []
  for (const head of headKinds) {
    const { scores } = await evaluateRecording({ features, spans, train, head, seeds: networks, signal })
    scored.push([head, scores])
  }
  return { heads: Object.fromEntries(scored) as FeatureScores['heads'], effectiveRank: significant(rankOf(features)) }
}

function rankOf(features: readonly Float32Array[]): number {
  const dim = features[0]!.length
  const rows = new Float32Array(features.length * dim)
  for (const [step, vector] of features.entries()) rows.set(vector, step * dim)
  return effectiveRank(rows, dim)
}
