import { describe, expect, it } from 'vitest'
import { borderOffset } from './border-offset.ts'

/** A window of ten steps and two classes in which class 0 hands over to class 1 at steps of given probability. */
function handover(probabilities: Readonly<Record<number, number>>) {
  const posterior = { starts: new Float64Array(20), ends: new Float64Array(20) }
  for (const [step, probability] of Object.entries(probabilities)) {
    posterior.starts[Number(step) * 2 + 1] = probability
    posterior.ends[(Number(step) - 1) * 2] = probability
  }
  return (border: number) => borderOffset(posterior, { ending: 0, starting: 1, classCount: 2, border })
}

describe('the offset of a border', () => {
  it('is none where the posterior is sure', () => {
    expect(handover({ 5: 1 })(5)).toBe(0)
  })

  it('is the mean of the posterior: a quarter of a step towards a neighbour of a third of its mass', () => {
    expect(handover({ 5: 0.75, 6: 0.25 })(5)).toBeCloseTo(0.25 / 4, 12)
    expect(handover({ 4: 0.25, 5: 0.75 })(5)).toBeCloseTo(-0.25 / 4, 12)
  })

  it('never reaches the next edge', () => {
    expect(handover({ 5: 0.1, 8: 0.9 })(5)).toBe(0.125)
    expect(handover({ 2: 0.9, 5: 0.1 })(5)).toBe(-0.125)
  })

  it('knows nothing of another occurrence', () => {
    expect(handover({ 1: 0.5, 8: 0.5 })(8)).toBe(0)
  })

  it('is none where the posterior sees no such border, and at the edge of the window', () => {
    expect(handover({})(5)).toBe(0)
    expect(handover({ 0: 1 })(0)).toBe(0)
  })
})
