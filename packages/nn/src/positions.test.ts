import { expect, test } from 'vitest'
import { sinCosPlane, sinCosPositions } from './positions.ts'

const { shape, data } = sinCosPositions({ times: 3, side: 2, dim: 8 })
const row = (i: number) => [...data.subarray(8 * i, 8 * i + 8)] as number[]

test('the first position is all sines of zero and cosines of zero', () => {
  expect(shape).toEqual([12, 8])
  expect(row(0)).toEqual([0, 0, 1, 1, 0, 1, 0, 1])
})

test('half of the dimensions depend on time alone, a quarter on the row, a quarter on the column', () => {
  const [time, y, x] = [2, 1, 0]
  const position = row((time * 2 + y) * 2 + x)
  const when = [Math.sin(2), Math.sin(2 / 100), Math.cos(2), Math.cos(2 / 100)]
  const where = [Math.sin(1), Math.cos(1), Math.sin(0), Math.cos(0)]
  expect(position).toEqual([...when, ...where].map(Math.fround))
})

test('in an image, half of the dimensions depend on the row alone, half on the column', () => {
  const { shape, data } = sinCosPlane({ side: 2, dim: 4 })
  expect(shape).toEqual([4, 4])
  const [y, x] = [1, 0]
  const position = [...data.subarray(4 * (2 * y + x), 4 * (2 * y + x) + 4)]
  expect(position).toEqual([Math.sin(1), Math.cos(1), Math.sin(0), Math.cos(0)].map(Math.fround))
})
