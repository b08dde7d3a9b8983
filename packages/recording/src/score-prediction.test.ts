import { expect, test } from 'vitest'
import { labelledRecording } from './labelled-steps.ts'
import type { PredictedStep, Prediction } from './predict-steps.ts'
import { medianScores, scorePrediction } from './score-prediction.ts'

const span = (label: string, startSeconds: number, endSeconds: number) => ({
  label,
  startSeconds,
  endSeconds,
  tier: 'task',
})
const spans = [span('pick', 0, 1), span('pack', 2, 3), span('pick', 5, 6), span('pack', 7, 8)]
const train = [{ startSeconds: 0, endSeconds: 4 }]
const tested = [{ startSeconds: 4, endSeconds: 10 }]
const labelled = labelledRecording(spans, train, 40)

const found = (step: string, startSeconds: number, endSeconds: number): PredictedStep => ({
  step,
  startSeconds,
  endSeconds,
  confidence: 1,
  startSdSeconds: 0.1,
  endSdSeconds: 0.1,
})

function predicted(...steps: readonly PredictedStep[]): Prediction {
  const labels = new Int16Array(40)
  for (const { step, startSeconds, endSeconds } of steps) {
    labels.fill(labelled.classes.indexOf(step), Math.round(startSeconds * 4), Math.round(endSeconds * 4))
  }
  return { steps, labels, seconds: 0 }
}

test('a prediction that says what the labels say has full marks', () => {
  const perfect = predicted(
    ...spans.map(({ label, startSeconds, endSeconds }) => found(label, startSeconds, endSeconds)),
  )
  expect(scorePrediction(labelled, spans, perfect, tested)).toEqual({
    accuracy: 100,
    edit: 100,
    f1At10: 100,
    f1At25: 100,
    f1At50: 100,
    medianBoundarySeconds: 0,
    p95BoundarySeconds: 0,
    recall: 100,
    meanDurationErrorSeconds: 0,
    testedSteps: 2,
  })
})

test('only the tested time counts: what is missed while learning costs nothing', () => {
  const scores = scorePrediction(labelled, spans, predicted(found('pick', 5, 6.5)), tested)
  expect(scores).toMatchObject({ testedSteps: 2, recall: 50, edit: 50, medianBoundarySeconds: 0.25 })
  expect(scores.meanDurationErrorSeconds).toBeCloseTo(0.5)
  expect(scores.accuracy).toBeCloseTo((100 * 18) / 24)
})

test('runs are summed up by the median of each score, without those that have none', () => {
  const scores = scorePrediction(labelled, spans, predicted(), tested)
  expect(scores).toMatchObject({ recall: 0, f1At50: 0, medianBoundarySeconds: null })
  const of = (accuracy: number) => ({ ...scores, accuracy })
  expect(medianScores([of(10), of(90), of(70)])).toEqual({ ...scores, accuracy: 70 })
})
