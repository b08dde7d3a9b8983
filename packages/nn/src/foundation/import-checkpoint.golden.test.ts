import { readFile } from 'node:fs/promises'
import { input, traceGraph } from '@takt/graph'
import { decodeNpy, decodeSafetensors, emitModel, fusionsFor } from '@takt/onnx'
import { openRuntime, type Runtime } from '@takt/runtime'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { parseAnyEncoderSpec } from '../any-encoder-spec.ts'
import { encoderModel } from '../encoder-model.ts'
import { tensorLeaf } from '../parameters.ts'
import type { FoundationSpec } from './foundation-spec.ts'
import { declareFoundationVit, foundationVit } from './foundation-vit.ts'
import { importCheckpoint } from './import-checkpoint.ts'

// A child process takes its time to start on a busy machine.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 })

let runtime: Runtime
beforeAll(async () => {
  runtime = await openRuntime({ provider: 'cpu', threads: 1 })
})
afterAll(() => runtime[Symbol.asyncDispose]())

/** From golden/foundation.py. */
const golden = (path: string) => readFile(new URL(`../../golden/foundation/${path}`, import.meta.url))
const json = async (path: string): Promise<unknown> => JSON.parse(await golden(path).then(String))
const { frames } = decodeSafetensors(await golden('frames.safetensors')).tensors

const imported = async (name: string) =>
  importCheckpoint({
    config: await json(`${name}/config.json`),
    preprocessor: await json(`${name}/preprocessor_config.json`),
    tensors: decodeSafetensors(await golden(`${name}/model.safetensors`)).tensors,
  })

const tokensOf = (spec: FoundationSpec) => {
  const clip = input('frames', { dtype: 'uint8', shape: [1, spec.frames, spec.inputSize, spec.inputSize, 3] })
  return traceGraph({ tokens: foundationVit(declareFoundationVit(tensorLeaf, spec), clip, spec) })
}

async function run(model: Uint8Array) {
  const session = await runtime.load(model)
  const results = await runtime.run(session, { frames: frames! })
  await runtime.unload(session)
  return results
}

const unused: Readonly<Record<string, readonly string[]>> = {
  vit: ['pooler.dense.bias', 'pooler.dense.weight'],
  dinov2: ['embeddings.mask_token'],
  dinov2_with_registers: ['embeddings.mask_token'],
  videomae: [],
}

describe.each(['vit', 'dinov2', 'dinov2_with_registers', 'videomae', 'videomae_for_pretraining', 'vjepa2'])(
  '%s',
  name => {
    test.each(['as it is', 'fused for the CPU'])('has the features of transformers to within 1e-4, %s', async how => {
      const { spec, parameters } = await imported(name)
      const fuses = how === 'as it is' ? [] : fusionsFor({ provider: 'cpu', precision: 'float32' })
      const { tokens } = await run(emitModel(tokensOf(spec), parameters, fuses))
      const expected = decodeNpy(await golden(`${name}/features.npy`))
      expect(tokens!.shape).toEqual(expected.shape)
      const found = tokens!.data as Float32Array
      expect(Math.max(...found.map((value, i) => Math.abs(value - expected.data[i]!)))).toBeLessThan(1e-4)
      expect(Math.max(...expected.data)).toBeGreaterThan(1)
    })

    test('is an encoder whose spec survives JSON, and embeds a clip as eight steps of 4 × 4 cells', async () => {
      const { spec, parameters, leftOut } = await imported(name)
      const parsed = parseAnyEncoderSpec(JSON.parse(JSON.stringify(spec)))
      expect(parsed).toEqual(spec)
      expect(spec).toMatchObject({ inputSize: 16, patch: 4, frames: 16, tubelet: 2, grid: 4 })
      if (unused[name]) expect(leftOut.toSorted()).toEqual(unused[name])
      const { features } = await run(encoderModel(parsed, parameters, { batch: 1 }))
      expect({ dtype: features!.dtype, shape: features!.shape }).toEqual({
        dtype: 'float16',
        shape: [1, 8, 16, spec.dim],
      })
    })
  },
)
