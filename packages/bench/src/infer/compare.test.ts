import { expect, test } from 'vitest'
import { fastest, runsPerSecond, speedUp } from './compare.ts'

const rounds = [
  { takt: 0.1, torch: 0.2, onnx: 0.15 },
  { takt: 0.2, torch: 0.5, onnx: 0.3 },
  { takt: 0.1, torch: 0.2, onnx: 0.9 },
]

test('the fastest rival is the one with the least median, of those that took part', () => {
  expect(fastest(rounds, ['torch', 'onnx', 'absent'])).toBe('torch')
  expect(fastest(rounds, ['absent'])).toBeUndefined()
})

test('a speed-up is the median of the rounds, so that one slow round does not count', () => {
  expect(speedUp(rounds, 'takt', 'onnx')).toBe(1.5)
})

test('rates are of the median run', () => {
  expect(runsPerSecond(rounds)).toEqual({ takt: 10, torch: 5, onnx: 3.33 })
})
