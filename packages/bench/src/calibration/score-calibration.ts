import type { Figures } from '../benchmark.ts'
import { significant } from '../measure/round.ts'
import { compareFilm, type TimedPair } from '../steps/compare-film.ts'
import type { TimedFilm } from '../steps/time-film.ts'
import { type Claim, conformalHalfWidth, intervalScore } from './interval-score.ts'

/** Quantile of the normal distribution whose ± holds nine tenths. */
const ninetyPercent = 1.6449

/** What each contender claims of a film's steps: of their borders, and of their durations. */
interface Claims {
  readonly borders: readonly Claim[]
  readonly durations: readonly Claim[]
}

/**
 * Whether nine tenths of true borders and durations lie within their 90 % intervals, in film that the head was fitted
 * without: as published, with the posterior as it is, and with the constant width that conformal prediction gives from
 * the very same held-out cycles. Films whose labels hold no cycle out are counted and left out.
 */
export function scoreCalibration(timed: readonly TimedFilm[]): Figures {
  const calibrated = timed.filter(({ heldOut }) => heldOut.length > 0)
  const films = calibrated.map(film => ({ film, pairs: compareFilm(film).pairs }))
  const contender = (
    claimsOf: (film: TimedFilm, pair: TimedPair) => { start: number; end: number; duration: number },
  ) => films.map(({ film, pairs }) => claims(pairs, pair => claimsOf(film, pair)))
  const published = contender((_, { step }) => ({
    start: ninetyPercent * step.startSdSeconds!,
    end: ninetyPercent * step.endSdSeconds!,
    duration: ninetyPercent * step.durationSdSeconds!,
  }))
  const posterior = contender((film, { step }) => {
    const [start, end] = [step.startSdSeconds!, step.endSdSeconds!].map(sd => ninetyPercent * posteriorSd(film, sd))
    return { start: start!, end: end!, duration: Math.hypot(start!, end!) }
  })
  const constant = contender(({ heldOut }) => {
    const border = conformalHalfWidth(heldOut.flatMap(each => [each.startErrorSeconds, each.endErrorSeconds]))
    const duration = conformalHalfWidth(heldOut.map(each => each.endErrorSeconds - each.startErrorSeconds))
    return { start: border, end: border, duration }
  })
  const pairs = films.flatMap(film => film.pairs)
  const compared = (of: keyof Claims): Figures => ({
    count: published.flatMap(claims => claims[of]).length,
    published: summary(published.map(claims => claims[of])),
    constantWidth: summary(constant.map(claims => claims[of])),
    posteriorAsItIs: summary(posterior.map(claims => claims[of])),
    scoreRatio: significant(meanScore(published, of) / meanScore(constant, of), 3),
  })
  return {
    films: films.length,
    filmsWithoutHeldOutCycle: timed.length - films.length,
    heldOutBorders: calibrated.reduce((sum, { heldOut }) => sum + 2 * heldOut.length, 0),
    borders: compared('borders'),
    durations: compared('durations'),
    correlationOfBorderErrors: significant(correlation(pairs), 2),
  }
}

function claims(
  pairs: readonly TimedPair[],
  halfWidths: (pair: TimedPair) => { readonly start: number; readonly end: number; readonly duration: number },
): Claims {
  const each = pairs.map(pair => ({ pair, width: halfWidths(pair) }))
  return {
    borders: each.flatMap(({ pair, width }) => [
      { errorSeconds: pair.startError, halfWidthSeconds: width.start },
      { errorSeconds: pair.endError, halfWidthSeconds: width.end },
    ]),
    durations: each.map(({ pair, width }) => ({
      errorSeconds: pair.endError - pair.startError,
      halfWidthSeconds: width.duration,
    })),
  }
}

/** What the posterior said before it was calibrated. */
function posteriorSd({ calibration: { scale, floorSeconds } }: TimedFilm, publishedSd: number): number {
  return Math.sqrt(Math.max(0, (publishedSd / scale) ** 2 - floorSeconds ** 2))
}

const isWithin = ({ errorSeconds, halfWidthSeconds }: Claim) => Number(Math.abs(errorSeconds) <= halfWidthSeconds)

function summary(byFilm: readonly (readonly Claim[])[]): Figures {
  const all = byFilm.flat()
  return {
    coverage: significant(mean(all.map(isWithin)), 3),
    leastCoverageOfAFilm: significant(
      Math.min(...byFilm.filter(film => film.length > 0).map(film => mean(film.map(isWithin)))),
      3,
    ),
    meanWidthSeconds: significant(mean(all.map(({ halfWidthSeconds }) => 2 * halfWidthSeconds)), 3),
    intervalScore: significant(mean(all.map(intervalScore)), 3),
  }
}

const meanScore = (byFilm: readonly Claims[], of: keyof Claims) =>
  mean(byFilm.flatMap(claims => claims[of].map(intervalScore)))

/** Pearson's, of the errors at the two ends of one step. */
function correlation(pairs: readonly TimedPair[]): number {
  const [startMean, endMean] = [mean(pairs.map(pair => pair.startError)), mean(pairs.map(pair => pair.endError))]
  const sum = (product: (pair: TimedPair) => number) => pairs.reduce((total, pair) => total + product(pair), 0)
  const both = sum(({ startError, endError }) => (startError - startMean) * (endError - endMean))
  const start = sum(({ startError }) => (startError - startMean) ** 2)
  const end = sum(({ endError }) => (endError - endMean) ** 2)
  return both / Math.sqrt(start * end)
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
