import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { everySegmentation, randomSemiMarkov } from '../../test/every-segmentation.ts'
import { advanceFilter, openFilter } from './semi-markov-filter.ts'
import { semiMarkovPath } from './semi-markov-path.ts'
import { semiMarkovPosterior } from './semi-markov-posterior.ts'

/** Explicit durations shorter and longer than the recording, whose last segment is whole or cut. */
const cases = fc.record({
  seed: fc.nat(1e6),
  steps: fc.integer({ min: 1, max: 6 }),
  maxSteps: fc.integer({ min: 1, max: 8 }),
  last: fc.constantFrom('whole' as const, 'cut' as const),
})

describe('an explicit-duration model', () => {
  it('has the best of all segmentations as its path', () => {
    fc.assert(
      fc.property(cases, ({ seed, ...shape }) => {
        const { model, logEvidence } = randomSemiMarkov(seed, shape)
        const best = everySegmentation(model, logEvidence).reduce((a, b) => (b.weight > a.weight ? b : a))
        expect(semiMarkovPath(model, logEvidence)).toEqual(best.segments)
      }),
    )
  })

  it('sums its posterior over all segmentations', () => {
    fc.assert(
      fc.property(cases, ({ seed, ...shape }) => {
        const { model, logEvidence } = randomSemiMarkov(seed, shape)
        const all = everySegmentation(model, logEvidence)
        const total = all.reduce((sum, { weight }) => sum + weight, 0)
        const expected = {
          starts: new Float64Array(logEvidence.length),
          ends: new Float64Array(logEvidence.length),
          occupancy: new Float64Array(logEvidence.length),
        }
        for (const { segments, weight } of all) {
          for (const { classIndex, start, end } of segments) {
            expected.starts[start * 3 + classIndex]! += weight / total
            if (end < shape.steps || shape.last === 'whole')
              expected.ends[(end - 1) * 3 + classIndex]! += weight / total
            for (let u = start; u < end; u++) expected.occupancy[u * 3 + classIndex]! += weight / total
          }
        }
        const actual = semiMarkovPosterior(model, logEvidence)
        expect(actual.logLikelihood).toBeCloseTo(Math.log(total), 9)
        for (const name of ['starts', 'ends', 'occupancy'] as const)
          for (const [at, value] of expected[name].entries()) expect(actual[name][at]).toBeCloseTo(value, 10)
      }),
    )
  })

  it('filters step by step what enumeration gives for the evidence so far', () => {
    const { model, logEvidence } = randomSemiMarkov(4, { steps: 6, maxSteps: 2, last: 'cut' })
    const filter = openFilter(model)
    for (let steps = 1; steps <= 6; steps++) {
      advanceFilter(model, filter, logEvidence.slice(3 * (steps - 1), 3 * steps).map(Math.exp))
      const all = everySegmentation(model, logEvidence.slice(0, 3 * steps))
      const total = all.reduce((sum, { weight }) => sum + weight, 0)
      for (let k = 0; k < 3; k++) {
        const here = all.filter(({ segments }) => segments.at(-1)!.classIndex === k)
        expect(filter.filtered[k]).toBeCloseTo(here.reduce((sum, { weight }) => sum + weight, 0) / total, 10)
      }
    }
  })

  it('filters on for days in the memory of its first step', () => {
    const { model, logEvidence } = randomSemiMarkov(5, { steps: 240, maxSteps: 8, last: 'cut' })
    const filter = openFilter(model)
    const likelihood = logEvidence.map(Math.exp)
    for (let step = 0; step < 4 * 86400; step++) {
      const from = 3 * (step % 240)
      advanceFilter(model, filter, likelihood.subarray(from, from + 3))
    }
    expect(filter.ages.length).toBe(3 * 8)
    expect(filter.filtered.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 9)
  })

  it('stays a distribution over ten thousand steps of contrary evidence', () => {
    const { model } = randomSemiMarkov(6, { steps: 1, maxSteps: 40, last: 'whole' })
    const logEvidence = Float64Array.from({ length: 30_000 }, (_, at) => (at % 3 === Math.floor(at / 3) % 3 ? 0 : -30))
    const { occupancy, starts } = semiMarkovPosterior(model, logEvidence)
    for (let row = 0; row < occupancy.length; row += 3) {
      const sum = occupancy[row]! + occupancy[row + 1]! + occupancy[row + 2]!
      expect(Math.abs(sum - 1)).toBeLessThan(1e-9)
      expect(starts[row]! + starts[row + 1]! + starts[row + 2]!).toBeLessThan(1 + 1e-6)
    }
  })
})
