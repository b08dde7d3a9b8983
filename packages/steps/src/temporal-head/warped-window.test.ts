import fc from 'fast-check'
import { expect, it } from 'vitest'
import { seededRandom } from '../../test/synthetic.ts'
import { warpedOffsets } from './warped-window.ts'
import { REACH, WINDOW } from './window-network.ts'

it('goes forwards through the step in the middle, which stays where it is', () => {
  fc.assert(
    fc.property(fc.nat(1e6), fc.constantFrom(3, 8, 40), (seed, knotSteps) => {
      const offsets = warpedOffsets({ overall: 0.15, local: 0.3, knotSteps }, seededRandom(seed).uniform)
      expect(offsets.length).toBe(WINDOW)
      expect(offsets[REACH]).toBe(0)
      for (let k = 1; k < WINDOW; k++) expect(offsets[k]).toBeGreaterThan(offsets[k - 1]!)
    }),
  )
})

it('makes windows that reach less far and further, on both sides alike', () => {
  const { uniform } = seededRandom(5)
  const drawn = Array.from({ length: 400 }, () => warpedOffsets({ overall: 0.15, local: 0.3, knotSteps: 8 }, uniform))
  for (const side of [0, WINDOW - 1]) {
    const logs = drawn.map(offsets => Math.log(Math.abs(offsets[side]!) / REACH))
    expect(Math.min(...logs)).toBeLessThan(-0.2)
    expect(Math.max(...logs)).toBeGreaterThan(0.2)
    expect(Math.abs(logs.reduce((sum, log) => sum + log, 0) / logs.length)).toBeLessThan(0.1)
  }
})

it('changes nothing where the pace does not vary', () => {
  const offsets = warpedOffsets({ overall: 0, local: 0, knotSteps: 8 }, seededRandom(1).uniform)
  expect([...offsets]).toEqual(Array.from({ length: WINDOW }, (_, k) => k - REACH))
})
