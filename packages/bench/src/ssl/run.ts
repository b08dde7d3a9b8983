import type { TrainingMethod } from '@takt/recording'
import type { FilmName } from '../heads/held-out-films.ts'
import type { LearningCost } from './learn-on-film.ts'
import type { FeatureScores } from './score-features.ts'

/** What nothing learns: the encoder as it was drawn, and the descriptor made by hand. */
export const rivals = ['hog', 'untrained'] as const

export type Contender = (typeof rivals)[number] | TrainingMethod

/** A contender on one film; HOG, which draws nothing, has the first seed only. */
export interface Run {
  readonly contender: Contender
  readonly film: FilmName
  readonly seed: number
  readonly outcome: Outcome
}

/** Why a method gave no encoder, or what its vectors are worth and, of a method, what it took. */
export type Outcome =
  | { readonly failed: string }
  | { readonly failed: null; readonly scores: FeatureScores; readonly cost: LearningCost | null }
