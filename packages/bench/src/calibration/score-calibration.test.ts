import type { Interval } from '@takt/steps'
import { expect, test } from 'vitest'
import type { TimedFilm } from '../steps/time-film.ts'
import { scoreCalibration } from './score-calibration.ts'

const ninetyPercent = 1.6449

/** A hundred seconds with ten steps of four, found with the given errors under a ± whose 90 % half-width is a tenth. */
function timed(errors: readonly (readonly [start: number, end: number])[], heldOut = errors): TimedFilm {
  const found = errors.map(
    ([start, end], i): Interval => ({
      classIndex: 1,
      step: 'screw',
      startStep: 40 * i + 8,
      endStep: 40 * i + 24,
      startOffsetSeconds: start,
      endOffsetSeconds: end,
      censoredStart: false,
      censoredEnd: false,
      confidence: 1,
      weak: false,
      startSdSeconds: 0.1 / ninetyPercent,
      endSdSeconds: 0.1 / ninetyPercent,
      durationSdSeconds: 0.05 / ninetyPercent,
    }),
  )
  return {
    film: {
      file: 'film.mp4',
      lengthSeconds: 100,
      truth: errors.map((_, i) => ({ step: 'screw', startSeconds: 10 * i + 2, endSeconds: 10 * i + 6, cycle: i })),
    },
    fromStep: 0,
    intervals: found,
    heldOut: heldOut.map(([startErrorSeconds, endErrorSeconds]) => ({
      startErrorSeconds,
      endErrorSeconds,
      startSdSeconds: 0.1,
      endSdSeconds: 0.1,
    })),
    calibration: { floorSeconds: 0, scale: 0.5, durationScale: 1 },
    kind: 'linear',
    stepCount: 400,
    fitSeconds: 1,
    decodeSecondsPerStep: 0,
  }
}

test('coverage is the share of errors within the half-width, of borders and of durations apart', () => {
  const figures = scoreCalibration([
    timed([
      [0.09, 0.09],
      [0.02, 0.11],
      [-0.05, 0.01],
      [0, 0],
    ]),
  ])
  expect(figures).toMatchObject({
    films: 1,
    borders: { count: 8, published: { coverage: 0.875, meanWidthSeconds: 0.2 }, posteriorAsItIs: { coverage: 1 } },
    durations: { count: 4, published: { coverage: 0.5, meanWidthSeconds: 0.1 } },
  })
})

test('the rival has the width that its own held-out errors give', () => {
  const figures = scoreCalibration([
    timed(
      [
        [0.05, 0.05],
        [0.05, 0.05],
      ],
      [
        [0.3, -0.2],
        [0.1, 0.1],
      ],
    ),
  ])
  expect(figures).toMatchObject({
    borders: { constantWidth: { coverage: 1, meanWidthSeconds: 0.6, intervalScore: 0.6 }, scoreRatio: 0.333 },
    durations: { constantWidth: { meanWidthSeconds: 1 } },
  })
})

test('errors that two ends share are told by their correlation', () => {
  expect(
    scoreCalibration([
      timed([
        [0.1, 0.1],
        [-0.1, -0.1],
        [0.02, 0.02],
      ]),
    ]),
  ).toMatchObject({ correlationOfBorderErrors: 1 })
})

test('a film whose labels hold no cycle out is counted and left out', () => {
  const figures = scoreCalibration([
    timed([
      [0, 0],
      [0.1, 0],
    ]),
    timed([[5, 5]], []),
  ])
  expect(figures).toMatchObject({ films: 1, filmsWithoutHeldOutCycle: 1, borders: { count: 4 } })
})
