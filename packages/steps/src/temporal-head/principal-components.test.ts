import { expect, it } from 'vitest'
import { seededRandom } from '../../test/synthetic.ts'
import { principalComponents, project } from './principal-components.ts'

/** Rows that move along two known directions of 40, the first further, and little else. */
function rowsOfTwoDirections() {
  const { normal } = seededRandom(3)
  const values = new Float32Array(200 * 40)
  for (let step = 0; step < 200; step++) {
    const [far, near] = [5 * normal(), 2 * normal()]
    for (let j = 0; j < 40; j++) values[step * 40 + j] = 0.05 * normal() + (j < 20 ? far : near) / Math.sqrt(20)
  }
  return { values, dim: 40 }
}

it('finds the directions of most variance, in their order', () => {
  const { directions } = principalComponents([rowsOfTwoDirections()], 2)
  const share = (component: number, from: number) =>
    directions.subarray(component * 40 + from, component * 40 + from + 20).reduce((sum, v) => sum + v * v, 0)
  expect(share(0, 0)).toBeGreaterThan(0.99)
  expect(share(1, 20)).toBeGreaterThan(0.99)
})

it('keeps how far each component moves beside the others: one scale for all is no whitening', () => {
  const rows = rowsOfTwoDirections()
  const { values } = project(rows, principalComponents([rows], 2))
  const square = (component: number) => values.reduce((sum, v, at) => sum + (at % 2 === component ? v * v : 0), 0) / 200
  expect((square(0) + square(1)) / 2).toBeCloseTo(1, 4)
  expect(square(0) / square(1)).toBeGreaterThan(4)
})

it('has no more components than time steps or dimensions, and none of a still picture', () => {
  const few = { values: Float32Array.of(1, 2, 3, -1, -2, -3), dim: 3 }
  expect(project(few, principalComponents([few], 64)).dim).toBe(2)
  const still = { values: new Float32Array(12), dim: 3 }
  expect([...project(still, principalComponents([still], 2)).values]).toEqual(Array(8).fill(0))
})
