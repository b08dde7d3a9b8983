import { describe, expect, test } from 'vitest'
import { parseAnyEncoderSpec } from '../any-encoder-spec.ts'
import { plantEncoderSpec } from '../encoder-spec.ts'
import type { FoundationSpec } from './foundation-spec.ts'

const dinov2Small: FoundationSpec = {
  ...{ architecture: 'foundation-vit', family: 'dinov2', sees: 'picture', positions: 'table' },
  ...{ inputSize: 224, frames: 16, tubelet: 2, patch: 14, dim: 384, depth: 12, heads: 6, mlpWidth: 1536, grid: 4 },
  ...{ registers: 1, layerScale: true, finalNorm: true, epsilon: 1e-6 },
  ...{ mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] },
}

test('specs of either architecture survive JSON', () => {
  for (const spec of [dinov2Small, plantEncoderSpec])
    expect(parseAnyEncoderSpec(JSON.parse(JSON.stringify(spec)))).toEqual(spec)
})

describe('what is not a spec is refused with the value that is wrong', () => {
  const { epsilon, ...withoutEpsilon } = dinov2Small
  const refusals: readonly (readonly [message: string, change: Record<string, unknown>])[] = [
    ['family "../x" is not a name', { family: '../x' }],
    ['family 7 is not a name', { family: 7 }],
    ['dim must be an integer from 1 to 4096, not 1000000', { dim: 1e6 }],
    ['depth must be an integer from 1 to 128, not -1', { depth: -1 }],
    ['mlpWidth must be an integer from 1 to 32768, not "1536"', { mlpWidth: '1536' }],
    ['registers must be an integer from 0 to 64, not 65', { registers: 65 }],
    ['sees must be one of ["clip","picture"], not "all"', { sees: 'all' }],
    ['positions must be one of ["table","rotary"], not null', { positions: null }],
    ['layerScale must be true or false, not 1', { layerScale: 1 }],
    ['mean must be a number each for RGB, not [0.5]', { mean: [0.5] }],
    ['deviation[1] must be a number from 0.0001 to 1000, not 0', { deviation: [1, 0, 1] }],
    ['"colour" is not a part of it', { colour: 1 }],
    ['"toString" is not a part of it', { toString: 1 }],
    ['inputSize 224 is not a multiple of patch 15', { patch: 15 }],
    ['dim 384 is not a multiple of heads 7', { heads: 7 }],
    ['grid 17 is finer than the 16 patches a side', { grid: 17 }],
    ['32768 tokens that attend to each other are more than 8192', { sees: 'clip', frames: 128, tubelet: 1 }],
    ['1 registers have no angle to turn by', { positions: 'rotary', sees: 'clip' }],
    ['rotary positions are of a clip, not of a picture', { positions: 'rotary', registers: 0 }],
    ['3 dimensions a head are not pairs that turn', { positions: 'rotary', sees: 'clip', registers: 0, heads: 128 }],
  ]
  test.each(refusals)('%s', (message, change) => {
    expect(() => parseAnyEncoderSpec({ ...dinov2Small, ...change })).toThrow(`not an encoder spec: ${message}`)
  })

  test('a missing value', () => {
    expect(() => parseAnyEncoderSpec(withoutEpsilon)).toThrow(`epsilon must be a number from 0 to 0.01, not undefined`)
    expect(epsilon).toBe(1e-6)
  })
})
