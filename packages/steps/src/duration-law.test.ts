import { describe, expect, it } from 'vitest'
import { freshLaw, hazardAt, residualLaw } from './duration-law.ts'

const fresh = freshLaw({ maxSteps: 3, hazards: Float32Array.from([0.25, 0.5, 0.5]) })

describe('duration laws', () => {
  it('turn hazards into survival and mass', () => {
    expect([...fresh.survival]).toEqual([1, 0.75, 0.375])
    expect([...fresh.mass]).toEqual([0.25, 0.375, 0.1875])
  })

  it('go on with the last hazard for ever', () => {
    expect(hazardAt(fresh, 0, 3)).toBe(0.5)
    expect(hazardAt(fresh, 0, 1000)).toBe(0.5)
  })

  it('give what remains of a step found under way a chance in proportion to its survival', () => {
    // S = 1, 3/4, 3/8, 3/16, … sums to 2.5, the mean duration.
    const residual = residualLaw(fresh)
    expect([...residual.mass]).toEqual([1 / 2.5, 0.75 / 2.5, 0.375 / 2.5].map(p => expect.closeTo(p, 12)))
    expect(hazardAt(residual, 0, 50)).toBe(0.5)
  })

  it('survive hazards whose survival leaves the range of a float64', () => {
    const steep = residualLaw(freshLaw({ maxSteps: 4000, hazards: new Float32Array(4000).fill(0.5) }))
    expect(steep.hazard.every(h => Math.abs(h - 0.5) < 1e-12)).toBe(true)
  })
})
