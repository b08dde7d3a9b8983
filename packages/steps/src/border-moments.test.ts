import { describe, expect, it } from 'vitest'
import { borderMoments } from './border-moments.ts'

/** A window of twenty steps and three classes in which class 1 hands over to class 2 at steps of given probability. */
function handover(probabilities: Readonly<Record<number, number>>, ending: number | null = 1) {
  const posterior = { starts: new Float64Array(60), ends: new Float64Array(60) }
  for (const [step, probability] of Object.entries(probabilities)) {
    posterior.starts[Number(step) * 3 + 2] = probability
    if (Number(step) > 0) posterior.ends[(Number(step) - 1) * 3 + 1] = probability
  }
  return (border: number) => borderMoments(posterior, { ending, starting: 2, classCount: 3, border })
}

const rounding = 0.25 / Math.sqrt(12)

describe('the moments of a border', () => {
  it('are its own edge and the rounding to steps where the posterior is sure', () => {
    const { offsetSeconds, sdSeconds, probability } = handover({ 5: 1 })(5)
    expect([offsetSeconds, probability]).toEqual([0, 1])
    expect(sdSeconds).toBeCloseTo(rounding, 12)
  })

  it('are the mean of the posterior and the spread around it', () => {
    const { offsetSeconds, sdSeconds, probability } = handover({ 5: 0.75, 6: 0.25 })(5)
    expect(offsetSeconds).toBeCloseTo(0.25 / 4, 12)
    // One step with a quarter: variance ¼ · ¾.
    expect(sdSeconds).toBeCloseTo(0.25 * Math.sqrt(3 / 16 + 1 / 12), 12)
    expect(probability).toBeCloseTo(1, 12)
    expect(handover({ 4: 0.25, 5: 0.75 })(5).offsetSeconds).toBeCloseTo(-0.25 / 4, 12)
  })

  it('never reach the next edge, and are wide where the mean lies beyond it', () => {
    const { offsetSeconds, sdSeconds } = handover({ 5: 0.1, 8: 0.9 })(5)
    expect(offsetSeconds).toBe(0.125)
    expect(sdSeconds).toBeCloseTo(0.25 * Math.sqrt(0.1 * 0.25 + 0.9 * 6.25 + 1 / 12), 12)
    expect(handover({ 2: 0.9, 5: 0.1 })(5).offsetSeconds).toBe(-0.125)
  })

  it('know nothing of another occurrence but that it takes probability from this one', () => {
    const { offsetSeconds, sdSeconds, probability } = handover({ 1: 0.5, 15: 0.5 })(15)
    expect([offsetSeconds, probability]).toEqual([0, 0.5])
    expect(sdSeconds).toBeCloseTo(rounding, 12)
  })

  it('are as wide as the window says where the border hardly lies where it was decided', () => {
    const { sdSeconds, probability } = handover({ 1: 0.6, 15: 0.4 })(15)
    expect(probability).toBe(0.4)
    expect(sdSeconds).toBeCloseTo(0.25 * Math.sqrt(0.6 * 13.5 ** 2 + 0.4 * 0.25 + 1 / 12), 12)
  })

  it('are those of the step alone where background ends', () => {
    // Background, class 0, ends elsewhere as well.
    expect(handover({ 5: 0.75, 6: 0.25 }, null)(5)).toEqual(handover({ 5: 0.75, 6: 0.25 })(5))
  })

  it('are those of anywhere in the window where the posterior sees no such border, and at its edge', () => {
    const anywhere = { offsetSeconds: 0, sdSeconds: 0.25 * Math.sqrt(140 + 1 / 12), probability: 0 }
    expect(handover({})(5)).toEqual(anywhere)
    expect(handover({ 0: 1 })(0)).toEqual(anywhere)
  })
})
