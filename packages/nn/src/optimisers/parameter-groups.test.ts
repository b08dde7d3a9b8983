import { expect, test } from 'vitest'
import { decayLayers, decayWeights } from './parameter-groups.ts'

test('weights of layers decay; biases, norms, layer scales and tokens do not', () => {
  const decayed = (name: string, shape: readonly number[]) => decayWeights(name, shape).decayed
  expect(decayed('blocks.0.mlp.hidden.weight', [8, 2])).toBe(true)
  expect(decayed('weight', [8, 2])).toBe(true)
  expect(decayed('blocks.0.mlp.hidden.bias', [8])).toBe(false)
  expect(decayed('norm.weight', [8])).toBe(false)
  expect(decayed('blocks.0.scale1.gain', [8])).toBe(false)
  expect(decayed('registers', [4, 8])).toBe(false)
})

test('rates fall by .9 a layer, from what follows the blocks down to patches and tokens', () => {
  const grouping = decayLayers({ depth: 2, factor: 0.9, root: 'encoder.' })
  const scale = (name: string) => grouping(name, [2, 2]).rateScale
  expect(scale('head.weight')).toBe(1)
  expect(scale('encoder.norm.weight')).toBe(1)
  expect(scale('encoder.blocks.1.mlp.hidden.weight')).toBeCloseTo(0.9, 12)
  expect(scale('encoder.blocks.0.mlp.hidden.weight')).toBeCloseTo(0.81, 12)
  expect(scale('encoder.patch.weight')).toBeCloseTo(0.729, 12)
  expect(scale('encoder.registers')).toBeCloseTo(0.729, 12)
  expect(grouping('encoder.registers', [4, 8]).decayed).toBe(false)
})
