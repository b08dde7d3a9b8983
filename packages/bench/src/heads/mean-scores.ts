import type { Scores } from '@takt/recording'
import type { Figures } from '../benchmark.ts'
import { significant } from '../measure/round.ts'

const columns = ['accuracy', 'edit', 'f1At50', 'medianBoundarySeconds', 'recall'] as const

/** Means over films, of those that have the score; null where none has. */
export function meanScores(films: readonly Scores[]): Figures {
  return Object.fromEntries(
    columns.map(column => {
      const known = films.map(scores => scores[column]).filter(score => score !== null)
      const sum = known.reduce((total, score) => total + score, 0)
      return [column, known.length === 0 ? null : significant(sum / known.length, 3)]
    }),
  )
}
