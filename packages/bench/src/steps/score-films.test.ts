import type { Interval } from '@takt/steps'
import { expect, test } from 'vitest'
import { scoreFilms } from './score-films.ts'
import type { TimedFilm } from './time-film.ts'

const found = (step: string, startStep: number, endStep: number, more: Partial<Interval> = {}): Interval => ({
  classIndex: 1,
  step,
  startStep,
  endStep,
  startOffsetSeconds: 0,
  endOffsetSeconds: 0,
  censoredStart: false,
  censoredEnd: false,
  confidence: 1,
  weak: false,
  startSdSeconds: 0.2,
  endSdSeconds: 0.2,
  durationSdSeconds: 0.3,
  ...more,
})

/** Thirty seconds, of which the last twenty are timed: a screw before, and a pick and a screw after that. */
const timed = (intervals: readonly Interval[]): TimedFilm => ({
  film: {
    file: 'film.mp4',
    lengthSeconds: 30,
    truth: [
      { step: 'screw', startSeconds: 4, endSeconds: 6, cycle: 0 },
      { step: 'pick', startSeconds: 12, endSeconds: 14, cycle: 1 },
      { step: 'screw', startSeconds: 20, endSeconds: 23, cycle: 1 },
    ],
  },
  fromStep: 40,
  intervals,
  heldOut: [],
  calibration: { floorSeconds: 0, scale: 1, durationScale: 1 },
  kind: 'linear',
  stepCount: 120,
  fitSeconds: 2,
  decodeSecondsPerStep: 0.0005,
})

const right = [found('pick', 48, 56), found('screw', 80, 92)]

test('what is found as it happened has full marks, and no errors', () => {
  expect(scoreFilms([timed(right)])).toMatchObject({
    steps: 2,
    missed: 0,
    extra: 0,
    frameAccuracy: 100,
    edit: 100,
    f1At50: 100,
    meanDurationErrorSeconds: 0,
    boundariesWithin90: 1,
    fitSeconds: 2,
    coreSharePercent: 0.2,
  })
})

test('a step late at its start is short by that much, with the offset of its border counted', () => {
  const late = [found('pick', 50, 56, { startOffsetSeconds: -0.1 }), right[1]!]
  expect(scoreFilms([timed(late)])).toMatchObject({
    meanDurationErrorSeconds: 0.2,
    durationBiasSeconds: -0.2,
    startBiasSeconds: 0.2,
    endBiasSeconds: 0,
    p95BoundarySeconds: 0.34,
    boundariesWithin90: 0.75,
  })
})

test('steps that are missed, or found where there is none, are counted and not timed', () => {
  expect(scoreFilms([timed([found('pick', 100, 108), right[1]!])])).toMatchObject({
    missed: 1,
    extra: 1,
    meanDurationErrorSeconds: 0,
  })
})

test('a censored step is found, and timed by nobody', () => {
  const censored = found('pick', 48, 50, { censoredEnd: true, endSdSeconds: null })
  expect(scoreFilms([timed([censored, right[1]!])])).toMatchObject({ missed: 0, meanDurationErrorSeconds: 0 })
})

test('where nothing is found there is nothing to average', () => {
  expect(scoreFilms([timed([])])).toMatchObject({ missed: 2, f1At50: 0, meanDurationErrorSeconds: null })
})
