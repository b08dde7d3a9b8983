import { createHash } from 'node:crypto'
import { decodeSafetensors, encodeSafetensors } from '@takt/onnx'
import { expect, test } from 'vitest'
import { encoderModel } from './encoder-model.ts'
import { plantEncoderSpec } from './encoder-spec.ts'
import { untrainedEncoder } from './untrained-encoder.ts'

const { spec, parameters } = untrainedEncoder({ seed: 1 })
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const weights = (seed: number) => encodeSafetensors({ tensors: untrainedEncoder({ seed }).parameters, metadata: {} })

test('the same seed gives the same weights to the bit, on every machine', () => {
  expect(sha256(weights(1))).toMatchInlineSnapshot(`"6bd86f9bfd9060e15747dd6862269f273b1a422e125a0c0fcc83ee8684e0055e"`)
})

test('another seed gives other weights', () => {
  expect(sha256(weights(2))).not.toBe(sha256(weights(1)))
})

test('it is plant-sized, with every parameter named by its place', () => {
  expect(spec).toBe(plantEncoderSpec)
  const count = Object.values(parameters).reduce((sum, { data }) => sum + data.length, 0)
  expect(count).toMatchInlineSnapshot(`2074944`)
  const first = Object.entries(parameters).slice(0, 14)
  expect(first.map(([name, { shape }]) => `${name} [${shape.join(', ')}]`)).toMatchInlineSnapshot(`
    [
      "patch.weight [192, 1536]",
      "patch.bias [192]",
      "blocks.0.norm1.weight [192]",
      "blocks.0.norm1.bias [192]",
      "blocks.0.attention.qkv.weight [576, 192]",
      "blocks.0.attention.qkv.bias [576]",
      "blocks.0.attention.projection.weight [192, 192]",
      "blocks.0.attention.projection.bias [192]",
      "blocks.0.norm2.weight [192]",
      "blocks.0.norm2.bias [192]",
      "blocks.0.mlp.hidden.weight [768, 192]",
      "blocks.0.mlp.hidden.bias [768]",
      "blocks.0.mlp.output.weight [192, 768]",
      "blocks.0.mlp.output.bias [192]",
    ]
  `)
})

test('weights that went through a file make the same model', () => {
  const { tensors } = decodeSafetensors(encodeSafetensors({ tensors: parameters, metadata: {} }))
  const [before, after] = [parameters, tensors].map(weights => sha256(encoderModel(spec, weights, { batch: 1 })))
  expect(after).toBe(before)
})

test('weights that lack a parameter, have one too many, or one of another shape make no model', () => {
  const { 'norm.weight': removed, ...lacking } = parameters
  expect(() => encoderModel(spec, lacking, { batch: 1 })).toThrow(
    'parameter "norm.weight" of float32[192] has no value',
  )
  expect(() => encoderModel(spec, { ...parameters, extra: removed! }, { batch: 1 })).toThrow('no parameters "extra"')
  const narrow = { ...spec, dim: 96 }
  expect(() => encoderModel(narrow, parameters, { batch: 1 })).toThrow(
    'parameter "patch.weight" must be float32[96, 1536], not float32[192, 1536]',
  )
})
