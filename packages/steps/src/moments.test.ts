import { expect, it } from 'vitest'
import { trainingMoments } from './moments.ts'

it('gives the mean and variance of every feature', () => {
  const { mean, variance } = trainingMoments('front', [Float32Array.of(1, 10), Float32Array.of(3, 14)])
  expect([...mean]).toEqual([2, 12])
  expect([...variance]).toEqual([1, 4])
})

it('does not let a constant feature become the loudest', () => {
  const { variance } = trainingMoments('front', [Float32Array.of(1, 5), Float32Array.of(3, 5)])
  expect(variance[1]).toBeCloseTo(0.01 * 0.5, 6)
  expect([...trainingMoments('front', [Float32Array.of(4, 4)]).variance]).toEqual([1, 1])
})

it('names the view whose features are no numbers, or of two dimensions', () => {
  const broken = [Float32Array.of(1, 2), Float32Array.of(1, Number.NaN)]
  expect(() => trainingMoments('front', broken)).toThrow(/not finite.*viewId=front, step=1, index=1, value=NaN/)
  const uneven = [Float32Array.of(1, 2), Float32Array.of(1)]
  expect(() => trainingMoments('front', uneven)).toThrow(expect.objectContaining({ code: 'dimension_mismatch' }))
})
