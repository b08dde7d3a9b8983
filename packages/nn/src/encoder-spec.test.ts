import { describe, expect, test } from 'vitest'
import { parseEncoderSpec, plantEncoderSpec } from './encoder-spec.ts'

test('the plant-sized spec survives JSON, with registers and without', () => {
  for (const spec of [plantEncoderSpec, { ...plantEncoderSpec, registers: 4 }])
    expect(parseEncoderSpec(JSON.parse(JSON.stringify(spec)))).toEqual(spec)
})

describe('what is not a spec is refused with the value that is wrong', () => {
  const changed = (change: object) => ({ ...plantEncoderSpec, ...change })
  const { dim, ...withoutDim } = plantEncoderSpec
  const refusals: readonly (readonly [message: string, json: unknown])[] = [
    ['null is not an object', null],
    ['[] is not an object', []],
    ['"video-vit" is not an object', 'video-vit'],
    ['architecture "resnet" is not "video-vit"', changed({ architecture: 'resnet' })],
    [`dim must be an integer from 1 to 4096, not undefined`, withoutDim],
    [`dim must be an integer from 1 to 4096, not "${dim}"`, changed({ dim: `${dim}` })],
    ['dim must be an integer from 1 to 4096, not 1000000', changed({ dim: 1e6 })],
    ['depth must be an integer from 1 to 128, not 0', changed({ depth: 0 })],
    ['heads must be an integer from 1 to 128, not 1.5', changed({ heads: 1.5 })],
    ['"colour" is not a part of it', changed({ colour: 1 })],
    ['"toString" is not a part of it', changed({ toString: 1 })],
    ['frames 16 is not a multiple of tubelet 3', changed({ tubelet: 3 })],
    ['inputSize 128 is not a multiple of patch 15', changed({ patch: 15 })],
    ['dim 192 is not a multiple of heads 5', changed({ heads: 5 })],
    ['dim 12 is not a multiple of the parts of a position 8', changed({ dim: 12 })],
    ['registers must be an integer from 0 to 64, not -1', changed({ registers: -1 })],
    ['registers must be an integer from 0 to 64, not 65', changed({ registers: 65 })],
    ['registers must be an integer from 0 to 64, not null', changed({ registers: null })],
    ['patches a side 8 is not a multiple of grid 3', changed({ grid: 3 })],
  ]
  test.each(refusals)('%s', (message, json) => {
    expect(() => parseEncoderSpec(json)).toThrow(`not an encoder spec: ${message}`)
  })
})
