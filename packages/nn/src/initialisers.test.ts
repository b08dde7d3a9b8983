import { expect, test } from 'vitest'
import { filled, ones, truncatedNormal, uniformWithin, xavierUniform, zeros } from './initialisers.ts'
import { random } from './random.ts'

const moments = (values: Float32Array) => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
  return { mean, deviation: Math.sqrt(variance), largest: Math.max(...values.map(Math.abs)) }
}

test('a normal cut at ± 2 deviations has .8796 of its deviation, no value beyond, and a normal shape within', () => {
  const values = truncatedNormal(0.02)([200, 500], random(1, 'weight'))
  const { mean, deviation, largest } = moments(values)
  expect(Math.abs(mean)).toBeLessThan(2e-4)
  expect(deviation / 0.02).toBeCloseTo(0.8796, 2)
  expect(largest).toBeLessThanOrEqual(0.04)
  // P(|x| < 1 | |x| < 2) = .6827 / .9545
  expect(values.filter(value => Math.abs(value) < 0.02).length / values.length).toBeCloseTo(0.7153, 2)
})

test('Xavier draws uniformly from ±√(6 / (in + out))', () => {
  const bound = Math.sqrt(6 / 700)
  const { mean, deviation, largest } = moments(xavierUniform([200, 500], random(1, 'weight')))
  expect(Math.abs(mean)).toBeLessThan(0.01 * bound)
  expect(deviation / bound).toBeCloseTo(1 / Math.sqrt(3), 2)
  expect(largest).toBeLessThanOrEqual(Math.fround(bound))
  expect(largest).toBeGreaterThan(0.999 * bound)
})

test('a uniform draw has its bound for a limit', () => {
  const { deviation, largest } = moments(uniformWithin(0.1)([200, 500], random(1, 'weight')))
  expect(deviation).toBeCloseTo(0.1 / Math.sqrt(3), 3)
  expect(largest).toBeLessThanOrEqual(Math.fround(0.1))
})

test('zeros, ones and one value everywhere are just that', () => {
  expect(filled(1e-5)([2], random(1, 'gain'))).toEqual(Float32Array.of(1e-5, 1e-5))
  expect(zeros([2], random(1, 'bias'))).toEqual(Float32Array.of(0, 0))
  expect(ones([2], random(1, 'bias'))).toEqual(Float32Array.of(1, 1))
})
