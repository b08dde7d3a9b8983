import { describe, expect, it } from 'vitest'
import { seededRandom } from '../test/synthetic.ts'
import { drain, type FeaturesByView, type LookAhead, see } from './look-ahead.ts'
import { absorb, type Normaliser, normalising, openNormaliser } from './normalise.ts'

const normaliser: Normaliser = {
  halfLifeSteps: 10,
  priorWeight: 4,
  varianceFloor: 0.1,
  priorMean: Float32Array.of(2),
  priorDeviation: Float32Array.of(3),
}

/** Normalised values of a one-feature sequence, by step. */
function run(xs: readonly number[], lookAheadSteps: number, law: Normaliser = normaliser): Map<number, number> {
  const ahead: LookAhead = { seenThrough: 0, readyThrough: 0 }
  const rooms = [normalising(law, openNormaliser(law))]
  const out = new Map<number, number>()
  const keep = (step: number, [z]: FeaturesByView) => out.set(step, z![0]!)
  for (const x of xs) see(rooms, lookAheadSteps, ahead, [Float32Array.of(x)], keep)
  drain(rooms, ahead, keep)
  return out
}

/** Weighted mean and variance from the definition: the prior with its weight, each step with λ to the power of its age. */
function moments(xs: readonly number[], { halfLifeSteps, priorWeight, priorMean, priorDeviation }: Normaliser) {
  const lambda = 2 ** (-1 / halfLifeSteps)
  const weights = xs.map((_, i) => lambda ** (xs.length - 1 - i))
  const prior = priorWeight * lambda ** xs.length
  const total = weights.reduce((a, b) => a + b, prior)
  const mean = xs.reduce((sum, x, i) => sum + weights[i]! * x, prior * priorMean[0]!) / total
  const around = prior * (priorDeviation[0]! ** 2 + (priorMean[0]! - mean) ** 2)
  return { mean, variance: xs.reduce((sum, x, i) => sum + weights[i]! * (x - mean) ** 2, around) / total }
}

describe('the running normaliser', () => {
  const { normal } = seededRandom(7)
  const xs = Array.from({ length: 60 }, (_, i) => 5 + i / 10 + 2 * normal())

  it('keeps the exponentially weighted moments of their definition', () => {
    const state = openNormaliser(normaliser)
    for (const [step, x] of xs.entries()) absorb(normaliser, state, step, Float32Array.of(x))
    const expected = moments(xs, normaliser)
    expect(state.mean[0]).toBeCloseTo(expected.mean, 4)
    expect(state.variance[0]).toBeCloseTo(expected.variance, 3)
  })

  it('normalises a step by moments that know exactly the look-ahead after it', () => {
    const z = run(xs, 4).get(20)!
    const { mean, variance } = moments(xs.slice(0, 25), normaliser)
    expect(z).toBeCloseTo((xs[20]! - mean) / Math.sqrt(variance + 0.9), 2)
    const later = [...xs.slice(0, 25), ...xs.slice(25).map(x => x + 100)]
    expect(run(later, 4).get(20)).toBe(z)
  })

  it('normalises the last steps by what there is when the video ends', () => {
    const z = run(xs, 4)
    expect(z.size).toBe(60)
    const { mean, variance } = moments(xs, normaliser)
    expect(z.get(59)).toBeCloseTo((xs[59]! - mean) / Math.sqrt(variance + 0.9), 2)
  })

  it('forgets a change of the light after a few half-lives, which fixed moments never do', () => {
    const fixed = { ...normaliser, halfLifeSteps: 1e9, priorWeight: 1e9 }
    const shift = (law: Normaliser) => {
      const brighter = run(
        xs.map(x => x + 50),
        4,
        law,
      )
      return Math.abs(brighter.get(59)! - run(xs, 4, law).get(59)!)
    }
    expect(shift(normaliser)).toBeLessThan(1)
    expect(shift(fixed)).toBeGreaterThan(10)
  })

  it('does not blow up the sensor noise of a station at rest', () => {
    const rest = Array.from({ length: 400 }, (_, i) => 3 + 0.01 * Math.sin(i * 1.7))
    const z = run(rest, 4)
    for (let step = 300; step < 400; step++) expect(Math.abs(z.get(step)!)).toBeLessThan(0.05)
  })
})
