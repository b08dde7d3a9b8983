import type { Scores } from '@takt/recording'
import { expect, test } from 'vitest'
import { meanScores } from './mean-scores.ts'

const film = (accuracy: number | null, recall: number): Scores => ({
  accuracy,
  edit: 50,
  f1At10: 0,
  f1At25: 0,
  f1At50: 1 / 3,
  medianBoundarySeconds: null,
  p95BoundarySeconds: null,
  recall,
  meanDurationErrorSeconds: null,
  testedSteps: 4,
})

test('a mean is over the films that have the score, and null where none has', () => {
  expect(meanScores([film(80, 100), film(null, 50)])).toEqual({
    accuracy: 80,
    edit: 50,
    f1At50: 0.333,
    medianBoundarySeconds: null,
    recall: 75,
  })
})
