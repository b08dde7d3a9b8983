import { labelsToSteps } from '@takt/domain'
import {
  BACKGROUND,
  editScore,
  type FrameLabels,
  frameAccuracy,
  intervalLabels,
  quantile,
  STEP_SECONDS,
  segmentalF1,
} from '@takt/steps'
import type { Figures } from '../benchmark.ts'
import { significant } from '../measure/round.ts'
import { compareFilm } from './compare-film.ts'
import type { TimedFilm } from './time-film.ts'

/** Half-width, in standard deviations, of the interval that holds nine tenths of a normal distribution. */
const ninetyPercent = 1.645

/** How well steps were found and timed in films, taken together; percentages, seconds, and shares of 1. */
export function scoreFilms(timed: readonly TimedFilm[]): Figures {
  const frames = timed.map(framesOf)
  const compared = timed.map(compareFilm)
  const pairs = compared.flatMap(({ pairs }) => pairs)
  const durationErrors = pairs.map(({ startError, endError }) => endError - startError)
  const boundaries = pairs.flatMap(({ step, startError, endError }) => [
    { error: startError, sd: step.startSdSeconds! },
    { error: endError, sd: step.endSdSeconds! },
  ])
  const boundaryErrors = boundaries.map(({ error }) => Math.abs(error))
  const rounded = (value: number | null) => (value === null ? null : significant(value, 3))
  const f1 = (overlap: number) => rounded(segmentalF1(frames, overlap, [BACKGROUND]))
  return {
    steps: compared.reduce((sum, { stepCount }) => sum + stepCount, 0),
    missed: compared.reduce((sum, { missed }) => sum + missed, 0),
    extra: compared.reduce((sum, { extra }) => sum + extra, 0),
    frameAccuracy: rounded(frameAccuracy(frames)),
    edit: rounded(editScore(frames, [BACKGROUND])),
    f1At10: f1(0.1),
    f1At25: f1(0.25),
    f1At50: f1(0.5),
    meanDurationErrorSeconds: rounded(mean(durationErrors.map(Math.abs))),
    durationBiasSeconds: rounded(mean(durationErrors)),
    startBiasSeconds: rounded(mean(pairs.map(({ startError }) => startError))),
    endBiasSeconds: rounded(mean(pairs.map(({ endError }) => endError))),
    medianBoundarySeconds: rounded(quantile(boundaryErrors, 0.5)),
    p95BoundarySeconds: rounded(quantile(boundaryErrors, 0.95)),
    medianBoundarySdSeconds: rounded(
      quantile(
        boundaries.map(({ sd }) => sd),
        0.5,
      ),
    ),
    boundariesWithin90: rounded(mean(boundaries.map(({ error, sd }) => Number(Math.abs(error) <= ninetyPercent * sd)))),
    fitSeconds: rounded(mean(timed.map(({ fitSeconds }) => fitSeconds))),
    coreSharePercent: rounded(
      mean(timed.map(({ decodeSecondsPerStep }) => (100 * decodeSecondsPerStep) / STEP_SECONDS)),
    ),
  }
}

/** The classes of the steps that are timed; class indices are places in the film's own list of steps. */
function framesOf({ film, fromStep, stepCount, intervals }: TimedFilm): FrameLabels {
  const classes = ['background', ...new Set(film.truth.map(({ step }) => step))]
  const truth = labelsToSteps({
    ranges: [{ startMs: 0, endMs: stepCount * STEP_SECONDS * 1000 }],
    labels: film.truth.map(({ step, startSeconds, endSeconds }) => ({
      label: step,
      startMs: startSeconds * 1000,
      endMs: endSeconds * 1000,
    })),
    classes,
    fromSlot: fromStep,
    toSlot: stepCount,
  })
  const moved = intervals.map(interval => ({
    ...interval,
    classIndex: classes.indexOf(interval.step),
    startStep: interval.startStep - fromStep,
    endStep: interval.endStep - fromStep,
  }))
  return { truth, predicted: intervalLabels(moved, stepCount - fromStep) }
}

const mean = (values: readonly number[]) =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length
