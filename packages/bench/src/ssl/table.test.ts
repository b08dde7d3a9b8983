import type { Scores } from '@takt/recording'
import { expect, test } from 'vitest'
import type { FilmName } from '../heads/held-out-films.ts'
import type { Contender, Run } from './run.ts'
import { runFigures, tableOf } from './table.ts'

const scored = (accuracy: number | null, f1At50: number): Scores => ({
  accuracy,
  edit: 50,
  f1At10: 0,
  f1At25: 0,
  f1At50,
  medianBoundarySeconds: null,
  p95BoundarySeconds: null,
  recall: 100,
  meanDurationErrorSeconds: null,
  testedSteps: 4,
})

const run = (contender: Contender, [film, seed]: readonly [FilmName, number], f1: number): Run => {
  const heads = { temporal: scored(f1 + 10, f1), linear: scored(null, f1 / 2) }
  const learnt = contender !== 'hog' && contender !== 'untrained'
  const cost = learnt ? { steps: 21, clipsPerSecond: null, clipsPerCpuSecond: 4, peakMegabytes: f1 } : null
  return { contender, film, seed, outcome: { failed: null, scores: { heads, effectiveRank: f1 / 10 }, cost } }
}
const failed: Run = { contender: 'byol', film: 'shirt-11', seed: 1, outcome: { failed: 'collapsed' } }

const runs = [
  run('hog', ['bench-11', 1], 80),
  run('untrained', ['bench-11', 1], 40),
  run('byol', ['bench-11', 1], 50),
  run('untrained', ['bench-11', 2], 60),
  run('byol', ['bench-11', 2], 58),
  run('untrained', ['shirt-11', 1], 10),
  failed,
]

test('a row is a contender, with means over its runs and its most memory', () => {
  expect(tableOf(runs).map(({ method }) => method)).toEqual(['hog', 'untrained', 'byol'])
  expect(tableOf(runs)[2]).toMatchObject({
    temporal: { accuracy: 64, f1At50: 54 },
    linear: { accuracy: null, f1At50: 27 },
    effectiveRank: 5.4,
    steps: 21,
    clipsPerSecond: null,
    clipsPerCpuSecond: 4,
    peakMegabytes: 58,
  })
})

test('differences are to the untrained encoder on the same film and seed: films differ by more than methods do', () => {
  const [hog, untrained, byol] = tableOf(runs)
  expect(hog).toMatchObject({ temporal: { overUntrained: { accuracy: 40, f1At50: 40, betterF1: 1 } } })
  expect(untrained).toMatchObject({ temporal: { overUntrained: { accuracy: 0, f1At50: 0, betterF1: 0 } } })
  expect(byol).toMatchObject({
    temporal: { overUntrained: { accuracy: 4, f1At50: 4, betterF1: 1 } },
    linear: { overUntrained: { accuracy: null, f1At50: 2, betterF1: 1 } },
  })
})

test('a run that failed is counted, and spoils no mean', () => {
  expect(tableOf(runs)[2]).toMatchObject({ runs: 2, failed: 1 })
  expect(tableOf([failed])[0]).toMatchObject({ runs: 0, failed: 1, effectiveRank: null, temporal: { f1At50: null } })
})

test('a run is a flat line that says which it is, and why it failed', () => {
  expect(runFigures(failed)).toEqual({ method: 'byol', film: 'shirt-11', seed: 1, failed: 'collapsed' })
  expect(runFigures(runs[2]!)).toMatchObject({
    method: 'byol',
    film: 'bench-11',
    seed: 1,
    temporal: { f1At50: 50 },
    steps: 21,
  })
})
