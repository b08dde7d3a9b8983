import { readFile } from 'node:fs/promises'
import { printGraph, traceGraph } from '@takt/graph'
import { decodeNpy, decodeSafetensors, emitModel, fusionsFor, type Inference, lowerGraph, toFloat32 } from '@takt/onnx'
import { openRuntime, type Runtime } from '@takt/runtime'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { encoderFeatures, encoderGraph, encoderModel } from './encoder-model.ts'
import { type EncoderSpec, plantEncoderSpec } from './encoder-spec.ts'
import { untrainedEncoder } from './untrained-encoder.ts'

// A child process takes its time to start on a busy machine.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 })

let runtime: Runtime
beforeAll(async () => {
  runtime = await openRuntime({ provider: 'cpu', threads: 1 })
})
afterAll(() => runtime[Symbol.asyncDispose]())

/** The sizes in golden/video_vit.py. */
const goldenSpec: EncoderSpec = {
  architecture: 'video-vit',
  inputSize: 32,
  frames: 4,
  tubelet: 2,
  patch: 8,
  dim: 24,
  depth: 2,
  heads: 3,
  grid: 2,
}

const golden = (name: string) => readFile(new URL(`../golden/${name}`, import.meta.url))
const { frames, ...parameters } = decodeSafetensors(await golden('video-vit.safetensors')).tensors
const expected = decodeNpy(await golden('video-vit.features.npy'))

async function features(model: Uint8Array) {
  const session = await runtime.load(model)
  const { features } = await runtime.run(session, { frames: frames! })
  await runtime.unload(session)
  expect(features?.shape).toEqual(expected.shape)
  return features!
}

const largestError = (found: Float32Array) => Math.max(...found.map((value, i) => Math.abs(value - expected.data[i]!)))

test('in float32, features are those of PyTorch in float64 to within 5e-6', async () => {
  const graph = traceGraph({ features: encoderFeatures(goldenSpec, 2) })
  const { data } = await features(emitModel(graph, parameters))
  expect(largestError(data as Float32Array)).toBeLessThan(5e-6)
})

test('as float16, they are so to within its rounding, which is 2⁻¹⁰ below a magnitude of 4', async () => {
  const { data } = await features(encoderModel(goldenSpec, parameters, { batch: 2 }))
  const found = toFloat32(data as Uint16Array)
  expect(Math.max(...expected.data.map(Math.abs))).toBeLessThan(4)
  expect(largestError(found)).toBeLessThan(2 ** -10 + 5e-6)
})

test('fused for the CPU, they still are to within 5e-6', async () => {
  const graph = traceGraph({ features: encoderFeatures(goldenSpec, 2) })
  const { data } = await features(emitModel(graph, parameters, fusionsFor({ provider: 'cpu', precision: 'float32' })))
  expect(largestError(data as Float32Array)).toBeLessThan(5e-6)
})

/** The operators of one block's encoder, in order. */
function operators(inference: Inference): string {
  const nodes = lowerGraph(encoderGraph({ ...goldenSpec, depth: 1 }, 2), parameters, fusionsFor(inference)).nodes
  return nodes.map(({ type }) => type).join('\n')
}

test('for the CPU, attention is one operator and standardised pixels are multiplied as they are', () => {
  expect(operators({ provider: 'cpu', precision: 'float32' })).toMatchInlineSnapshot(`
    "Reshape
    Transpose
    Reshape
    Cast
    Gemm
    Reshape
    Add
    Reshape
    LayerNormalization
    Gemm
    Reshape
    Split
    Attention
    Reshape
    Gemm
    Add
    LayerNormalization
    Gemm
    Gelu
    Gemm
    Add
    LayerNormalization
    Reshape
    ReduceMean
    Reshape
    Cast"
  `)
})

test('in int8, every linear layer is multiplied in integers, and pixels are not even cast', () => {
  expect(operators({ provider: 'cpu', precision: 'int8' })).toMatchInlineSnapshot(`
    "Reshape
    Transpose
    Reshape
    MatMulIntegerToFloat
    Reshape
    Add
    Reshape
    LayerNormalization
    DynamicQuantizeMatMul
    Reshape
    Split
    Attention
    Reshape
    DynamicQuantizeMatMul
    Add
    LayerNormalization
    DynamicQuantizeMatMul
    Gelu
    DynamicQuantizeMatMul
    Add
    LayerNormalization
    Reshape
    ReduceMean
    Reshape
    Cast"
  `)
})

test('for other providers, all operators are of the opset that they are known to have', () => {
  const others = (['cuda', 'webgpu'] as const).map(provider => operators({ provider, precision: 'float32' }))
  expect(others[0]).toMatchInlineSnapshot(`
    "Reshape
    Transpose
    Reshape
    Cast
    Gemm
    Reshape
    Add
    Reshape
    LayerNormalization
    Gemm
    Reshape
    Transpose
    Slice
    Reshape
    Mul
    Slice
    Reshape
    Transpose
    MatMul
    Softmax
    Slice
    Reshape
    MatMul
    Transpose
    Reshape
    Gemm
    Add
    LayerNormalization
    Gemm
    Gelu
    Gemm
    Add
    LayerNormalization
    Reshape
    ReduceMean
    Reshape
    Cast"
  `)
  expect(others[1]).toBe(others[0])
  expect(() => encoderModel(goldenSpec, parameters, { batch: 2, provider: 'cuda', precision: 'int8' })).toThrow(
    'int8 models do not run on the provider cuda',
  )
})

test('a clip has the same features in every batch, beside any other clip', async () => {
  const { spec, parameters } = untrainedEncoder({ seed: 1 })
  const clip = Uint8Array.from({ length: 16 * 128 * 128 * 3 }, (_, i) => (i * i) % 251)
  const embed = async (batch: number) => {
    const session = await runtime.load(encoderModel(spec, parameters, { batch }))
    const data = new Uint8Array(batch * clip.length)
    data.set(clip, (batch - 1) * clip.length)
    const { features } = await runtime.run(session, {
      frames: { dtype: 'uint8', shape: [batch, 16, 128, 128, 3], data },
    })
    return toFloat32((features!.data as Uint16Array).slice(-8 * 16 * 192))
  }
  const [alone, beside] = [await embed(1), await embed(4)]
  expect(Math.max(...alone.map((value, i) => Math.abs(value - beside[i]!)))).toBeLessThan(2e-3)
  expect(Math.max(...alone)).toBeGreaterThan(0.5)
})

test('the graph of one block reads as the paper', () => {
  expect(printGraph(encoderGraph({ ...plantEncoderSpec, depth: 1 }, 1))).toMatchInlineSnapshot(`
    "frames: uint8[1, 16, 128, 128, 3] = input()
    %0: uint8[1, 8, 2, 8, 16, 8, 48] = reshape(frames)
    %1: uint8[1, 8, 8, 8, 2, 16, 48] = transpose(%0, permutation: [0, 1, 3, 5, 2, 4, 6])
    %2: uint8[512, 1536] = reshape(%1)
    %3: float32[512, 1536] = cast(%2, to: float32)
    %4: float32[1536] = constant(0.0171248, 0.017507, 0.0174292, 0.0171248, …)
    %5: float32[512, 1536] = mul(%3, %4)
    %6: float32[1536] = constant(2.1179, 2.03571, 1.80444, 2.1179, …)
    %7: float32[512, 1536] = sub(%5, %6)
    patch.weight: float32[192, 1536] = parameter()
    patch.bias: float32[192] = parameter()
    %8: float32[512, 192] = gemm(%7, patch.weight, patch.bias, transposeB)
    %9: float32[1, 512, 192] = reshape(%8)
    %10: float32[512, 192] = constant(0, 0, 0, 0, …)
    %11: float32[1, 512, 192] = add(%9, %10)
    %12: float32[512, 192] = reshape(%11)
    blocks.0.norm1.weight: float32[192] = parameter()
    blocks.0.norm1.bias: float32[192] = parameter()
    %13: float32[512, 192] = layerNorm(%12, blocks.0.norm1.weight, blocks.0.norm1.bias, epsilon: 0.000001)
    blocks.0.attention.qkv.weight: float32[576, 192] = parameter()
    blocks.0.attention.qkv.bias: float32[576] = parameter()
    %14: float32[512, 576] = gemm(%13, blocks.0.attention.qkv.weight, blocks.0.attention.qkv.bias, transposeB)
    %15: float32[1, 512, 3, 3, 64] = reshape(%14)
    %16: float32[3, 1, 3, 512, 64] = transpose(%15, permutation: [2, 0, 3, 1, 4])
    %17: float32[1, 1, 3, 512, 64] = slice(%16, axis: 0, start: 0, end: 1)
    %18: float32[1, 3, 512, 64] = reshape(%17)
    %19: float32[] = constant(0.125)
    %20: float32[1, 3, 512, 64] = mul(%18, %19)
    %21: float32[1, 1, 3, 512, 64] = slice(%16, axis: 0, start: 1, end: 2)
    %22: float32[1, 3, 512, 64] = reshape(%21)
    %23: float32[1, 3, 64, 512] = transpose(%22, permutation: [0, 1, 3, 2])
    %24: float32[1, 3, 512, 512] = matmul(%20, %23)
    %25: float32[1, 3, 512, 512] = softmax(%24, axis: 3)
    %26: float32[1, 1, 3, 512, 64] = slice(%16, axis: 0, start: 2, end: 3)
    %27: float32[1, 3, 512, 64] = reshape(%26)
    %28: float32[1, 3, 512, 64] = matmul(%25, %27)
    %29: float32[1, 512, 3, 64] = transpose(%28, permutation: [0, 2, 1, 3])
    %30: float32[512, 192] = reshape(%29)
    blocks.0.attention.projection.weight: float32[192, 192] = parameter()
    blocks.0.attention.projection.bias: float32[192] = parameter()
    %31: float32[512, 192] = gemm(%30, blocks.0.attention.projection.weight, blocks.0.attention.projection.bias, transposeB)
    %32: float32[512, 192] = add(%12, %31)
    blocks.0.norm2.weight: float32[192] = parameter()
    blocks.0.norm2.bias: float32[192] = parameter()
    %33: float32[512, 192] = layerNorm(%32, blocks.0.norm2.weight, blocks.0.norm2.bias, epsilon: 0.000001)
    blocks.0.mlp.hidden.weight: float32[768, 192] = parameter()
    blocks.0.mlp.hidden.bias: float32[768] = parameter()
    %34: float32[512, 768] = gemm(%33, blocks.0.mlp.hidden.weight, blocks.0.mlp.hidden.bias, transposeB)
    %35: float32[512, 768] = gelu(%34)
    blocks.0.mlp.output.weight: float32[192, 768] = parameter()
    blocks.0.mlp.output.bias: float32[192] = parameter()
    %36: float32[512, 192] = gemm(%35, blocks.0.mlp.output.weight, blocks.0.mlp.output.bias, transposeB)
    %37: float32[512, 192] = add(%32, %36)
    norm.weight: float32[192] = parameter()
    norm.bias: float32[192] = parameter()
    %38: float32[512, 192] = layerNorm(%37, norm.weight, norm.bias, epsilon: 0.000001)
    %39: float32[1, 8, 4, 2, 4, 2, 192] = reshape(%38)
    %40: float32[1, 8, 4, 4, 192] = mean(%39, axes: [3, 5])
    %41: float32[1, 8, 16, 192] = reshape(%40)
    %42: float16[1, 8, 16, 192] = cast(%41, to: float16)
    return features = %42"
  `)
})
