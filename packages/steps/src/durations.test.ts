import { describe, expect, it } from 'vitest'
import { freshLaw } from './duration-law.ts'
import { learnDurations } from './durations.ts'
import type { Run } from './labelled-runs.ts'

function runs(classIndex: number, lengths: readonly number[], cut = false): Run[] {
  return lengths.map(length => ({ classIndex, start: 0, end: length, cutStart: false, cutEnd: cut }))
}

function meanAndMode(lengths: readonly Run[], classIndex: number, classCount: number) {
  const law = freshLaw(learnDurations(lengths, classCount))
  const row = law.mass.subarray(classIndex * law.maxSteps, (classIndex + 1) * law.maxSteps)
  const survival = law.survival.subarray(classIndex * law.maxSteps, (classIndex + 1) * law.maxSteps)
  const last = law.hazard[(classIndex + 1) * law.maxSteps - 1]!
  const tail = survival.at(-1)! / last
  const mean = survival.subarray(0, -1).reduce((sum, s) => sum + s, 0) + tail
  return { mean, mode: 1 + row.indexOf(row.reduce((a, b) => Math.max(a, b))), law }
}

describe('learnDurations', () => {
  it('centres a step near the one duration it was shown', () => {
    const { mean, mode } = meanAndMode([...runs(1, [40]), ...runs(2, [40])], 1, 3)
    expect(mode).toBeGreaterThan(30)
    expect(mode).toBeLessThanOrEqual(40)
    expect(mean).toBeGreaterThan(38)
    expect(mean).toBeLessThan(48)
  })

  it('narrows with examples that agree', () => {
    const share = (lengths: readonly number[]) => {
      const { law } = meanAndMode([...runs(1, lengths), ...runs(2, [40])], 1, 3)
      return law.survival[law.maxSteps + 29]! - law.survival[law.maxSteps + 50]!
    }
    expect(share([40])).toBeLessThan(share([40, 41, 39, 40, 40, 39, 41, 40]))
  })

  it('pulls a step of few examples towards all steps', () => {
    const alone = meanAndMode([...runs(1, [20]), ...runs(2, [20])], 1, 3).mean
    const besideLong = meanAndMode([...runs(1, [20]), ...runs(2, [200, 200])], 1, 3).mean
    expect(besideLong).toBeGreaterThan(alone)
  })

  it('learns from a whole occurrence rather than from a cut one', () => {
    const { mean } = meanAndMode([...runs(1, [40]), ...runs(1, [4, 4, 4], true), ...runs(2, [40])], 1, 3)
    expect(mean).toBeGreaterThan(38)
  })

  it('keeps the mean of a step longer than the explicit durations reach', () => {
    const { mean, law } = meanAndMode(runs(1, [6000, 6000, 6000, 6000]), 1, 2)
    expect(law.maxSteps).toBe(4800)
    expect(mean).toBeGreaterThan(5500)
    expect(mean).toBeLessThan(7500)
  })

  it('leaves every duration possible', () => {
    const { hazards } = learnDurations(runs(1, [30, 30, 30]), 2)
    expect(hazards.every(h => h > 0 && h < 1)).toBe(true)
  })
})
