import fc from 'fast-check'
import { expect, it } from 'vitest'
import { seededRandom } from '../../test/synthetic.ts'
import { resampleRows, warpedPositions } from './time-warp.ts'

const warp = { overall: 0.15, local: 0.3, knotSteps: 8 }

it('goes forwards from the first step to the last, so that labels keep their order', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 300 }), fc.nat(1e6), (length, seed) => {
      const positions = warpedPositions(length, warp, seededRandom(seed).uniform)
      expect(positions[0]).toBe(0)
      expect(positions.at(-1)).toBeLessThanOrEqual(length - 1)
      for (let t = 1; t < positions.length; t++) expect(positions[t]).toBeGreaterThan(positions[t - 1]!)
      const classes = resampleRows({ values: Float32Array.from({ length }, (_, step) => step), dim: 1 }, positions)
      expect([...classes.values]).toEqual([...classes.values].toSorted((a, b) => a - b))
    }),
  )
})

it('makes copies that are shorter and longer, by about as much as the pace varies', () => {
  const { uniform } = seededRandom(5)
  const logs = Array.from({ length: 300 }, () => Math.log(warpedPositions(200, warp, uniform).length / 200))
  expect(Math.min(...logs)).toBeLessThan(-0.15)
  expect(Math.max(...logs)).toBeGreaterThan(0.15)
  expect(Math.abs(logs.reduce((sum, log) => sum + log, 0) / 300)).toBeLessThan(0.1)
})

it('changes nothing where the pace does not vary', () => {
  const positions = warpedPositions(20, { overall: 0, local: 0, knotSteps: 8 }, seededRandom(1).uniform)
  expect([...positions]).toEqual([...Array(20).keys()])
})

it('mixes neighbouring rows by how near they are', () => {
  const rows = { values: Float32Array.of(0, 10, 4, 20), dim: 2 }
  expect([...resampleRows(rows, Float64Array.of(0, 0.25, 1)).values]).toEqual([0, 10, 1, 12.5, 4, 20])
})
