import { readFile } from 'node:fs/promises'
import { decodeSafetensors, type NamedTensors } from '@takt/onnx'
import { describe, expect, test } from 'vitest'
import { importCheckpoint } from './import-checkpoint.ts'

/** From golden/foundation.py. */
const read = (path: string) => readFile(new URL(`../../golden/foundation/${path}`, import.meta.url))
const load = async (name: string) => ({
  config: JSON.parse(String(await read(`${name}/config.json`))) as Record<string, unknown>,
  preprocessor: JSON.parse(String(await read(`${name}/preprocessor_config.json`))) as Record<string, unknown>,
  tensors: decodeSafetensors(await read(`${name}/model.safetensors`)).tensors,
})
const [dinov2, vit, videomae, vjepa2] = await Promise.all(['dinov2', 'vit', 'videomae', 'vjepa2'].map(load))

const without = (tensors: NamedTensors, name: string): NamedTensors =>
  Object.fromEntries(Object.entries(tensors).filter(([other]) => other !== name))

const norm = 'encoder.layer.1.norm2.bias'
const gain = dinov2!.tensors[norm]!
const spoilt = Uint16Array.from({ length: 16 }, (_, i) => (i === 5 ? 0x7e00 : 0))

describe('what cannot be imported is refused with the value that is wrong', () => {
  const configs: readonly (readonly [message: string, checkpoint: typeof dinov2, change: Record<string, unknown>])[] = [
    ['config.json: model_type "swin" is none of vit, dinov2,', dinov2, { model_type: 'swin' }],
    ['config.json: model_type "__proto__" is none of', dinov2, { model_type: '__proto__' }],
    ['config.json has no model_type, which must be text', dinov2, { model_type: undefined }],
    ['config.json: hidden_act "gelu_new" is not "gelu"', dinov2, { hidden_act: 'gelu_new' }],
    ['config.json has no hidden_size, which must be an integer from 1 to 4096', dinov2, { hidden_size: undefined }],
    ['hidden_size must be an integer from 1 to 4096, not -16', dinov2, { hidden_size: -16 }],
    ['hidden_size must be an integer from 1 to 4096, not 1000000', dinov2, { hidden_size: 1e6 }],
    ['hidden_size must be an integer from 1 to 4096, not "16"', dinov2, { hidden_size: '16' }],
    ['hidden_size must be an integer from 1 to 4096, not 16.5', dinov2, { hidden_size: 16.5 }],
    ['num_hidden_layers must be an integer from 1 to 128, not 0', dinov2, { num_hidden_layers: 0 }],
    ['num_attention_heads must be an integer from 1 to 128, not null', dinov2, { num_attention_heads: null }],
    ['dim 16 is not a multiple of heads 3', dinov2, { num_attention_heads: 3 }],
    ['layer_norm_eps must be a number from 0 to 0.01, not 1', dinov2, { layer_norm_eps: 1 }],
    [
      'image_size must be the side of a square, an integer from 1 to 1024, not [224,196]',
      dinov2,
      { image_size: [224, 196] },
    ],
    ['num_channels must be an integer from 3 to 3, not 1', dinov2, { num_channels: 1 }],
    ['mlp_ratio must be a number from 0.01 to 64, not 1e+300', dinov2, { mlp_ratio: 1e300 }],
    ['use_swiglu_ffn true is not imported', dinov2, { use_swiglu_ffn: true }],
    ['inputSize 16 is not a multiple of patch 7', dinov2, { patch_size: 7 }],
    ['grid 4 is finer than the 2 patches a side', dinov2, { patch_size: 8 }],
    ['tubelet_size 4 is not the 2 frames of a time step', videomae, { tubelet_size: 4 }],
    ['num_frames 32 is not the 16 frames of a clip', videomae, { num_frames: 32 }],
    ['preprocessor_config.json shows 16 pixels a side, but image_size is 32', videomae, { image_size: 32 }],
    ['preprocessor_config.json shows 16 pixels a side, but crop_size is 256', vjepa2, { crop_size: 256 }],
    ['5 dimensions a head are not pairs that turn', vjepa2, { hidden_size: 10 }],
    [
      'takes 9663676416 bytes, more than the',
      vit,
      { hidden_size: 4096, intermediate_size: 16_384, num_hidden_layers: 12 },
    ],
  ]
  test.each(configs)('%s', (message, checkpoint, change) => {
    expect(() => importCheckpoint({ ...checkpoint!, config: { ...checkpoint!.config, ...change } })).toThrow(message)
  })

  const preprocessors: readonly (readonly [message: string, preprocessor: unknown])[] = [
    ['preprocessor_config.json is not an object', []],
    ['image_mean must be three numbers from -255 to 255, not [0.5]', { image_mean: [0.5] }],
    ['image_std must be three numbers from 0.001 to 255, not [0,1,1]', { image_std: [0, 1, 1] }],
    ['crop_size must be the side of a square', { crop_size: { height: 16, width: 24 } }],
    ['size must be the side of a square', { crop_size: undefined, size: { shortest_edge: 16 } }],
    ['rescale_factor must be a number from 0.000001 to 1, not "x"', { rescale_factor: 'x' }],
    ['do_normalize must be true or false, not 1', { do_normalize: 1 }],
  ]
  test.each(preprocessors)('%s', (message, change) => {
    const preprocessor = Array.isArray(change) ? change : { ...dinov2!.preprocessor, ...(change as object) }
    expect(() => importCheckpoint({ ...dinov2!, preprocessor })).toThrow(message)
  })

  const files: readonly (readonly [message: string, tensors: NamedTensors])[] = [
    [`model.safetensors has no tensor "${norm}" of [16]`, without(dinov2!.tensors, norm)],
    [
      'model.safetensors has a tensor "encoder.layer.2.norm1.bias", which dinov2 has not',
      { ...dinov2!.tensors, 'encoder.layer.2.norm1.bias': gain },
    ],
    [`tensor "${norm}" is of [4, 4], not [16]`, { ...dinov2!.tensors, [norm]: { ...gain, shape: [4, 4] } }],
    [
      `tensor "${norm}" is of int32, not float32, float16 or bfloat16`,
      { ...dinov2!.tensors, [norm]: { dtype: 'int32', shape: [16], data: new Int32Array(16) } },
    ],
    [
      `tensor "${norm}" holds NaN at 5`,
      { ...dinov2!.tensors, [norm]: { dtype: 'float16', shape: [16], data: spoilt } },
    ],
    ['has tensor "layernorm.bias" with and without "dinov2."', { ...dinov2!.tensors, 'dinov2.layernorm.bias': gain }],
    ['tensor "embeddings.position_embeddings" is of [1, 37, 16], not [1, 26, 16]', dinov2!.tensors],
  ]
  test.each(files)('%s', (message, tensors) => {
    const config = message.includes('26') ? { ...dinov2!.config, image_size: 20 } : dinov2!.config
    expect(() => importCheckpoint({ ...dinov2!, config, tensors })).toThrow(message)
  })
})

test('without a preprocessor file, frames are of the size of the config and standardised as ImageNet is', () => {
  const { spec } = importCheckpoint({ ...dinov2!, preprocessor: undefined })
  expect(spec).toMatchObject({ inputSize: 24, mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] })
})

test('pixels that are rescaled by another factor or not at all are standardised as the file says', () => {
  const spec = (change: object) => importCheckpoint({ ...vit!, preprocessor: { ...vit!.preprocessor, ...change } }).spec
  const near = (value: number) => Array.from({ length: 3 }, () => expect.closeTo(value, 9))
  expect(spec({ rescale_factor: 2 / 255 })).toMatchObject({ mean: near(0.25), deviation: near(0.25) })
  expect(spec({ do_rescale: false })).toMatchObject({ mean: near(0.5 / 255), deviation: near(0.5 / 255) })
  expect(spec({ do_normalize: false })).toMatchObject({ mean: near(0), deviation: near(1) })
})

test('a model saved with a head has a prefix before its names, and the head is left out', () => {
  const classified = Object.fromEntries(
    Object.entries(dinov2!.tensors).map(([name, value]) => [`dinov2.${name}`, value]),
  )
  const { parameters, leftOut } = importCheckpoint({ ...dinov2!, tensors: { ...classified, 'classifier.bias': gain } })
  expect(parameters).toEqual(importCheckpoint(dinov2!).parameters)
  expect(leftOut).toContain('classifier.bias')
})
