import { type EncoderSpec, encoderGraph, encoderModel } from '@takt/nn'
import { emitModel, fuseAttention, fuseStandardisedLinear, type NamedTensors, toFloat32 } from '@takt/onnx'
import { openRuntime, type Runtime } from '@takt/runtime'
import type { Contender } from './contender.ts'

/** As it is served, in int8, with each fusion alone, and with none: these show what a fusion buys. */
export async function openTakt(
  { spec, parameters }: { readonly spec: EncoderSpec; readonly parameters: NamedTensors },
  signal: AbortSignal,
) {
  const runtime = await openRuntime({ provider: 'cpu', threads: 1, signal })
  const graph = encoderGraph(spec, 1)
  const models = {
    takt: encoderModel(spec, parameters, { batch: 1 }),
    taktInt8: encoderModel(spec, parameters, { batch: 1, precision: 'int8' }),
    taktUnfused: emitModel(graph, parameters),
    taktAttentionFused: emitModel(graph, parameters, [fuseAttention]),
    taktPixelsFused: emitModel(graph, parameters, [fuseStandardisedLinear]),
  }
  const contenders = new Map<string, Contender>()
  for (const [name, model] of Object.entries(models)) {
    contenders.set(name, await openContender(runtime, spec, model))
  }
  return { contenders, [Symbol.asyncDispose]: () => runtime[Symbol.asyncDispose]() }
}

async function openContender(runtime: Runtime, spec: EncoderSpec, model: Uint8Array): Promise<Contender> {
  const session = await runtime.load(model)
  const shape = [1, spec.frames, spec.inputSize, spec.inputSize, 3]
  const clipBytes = shape.reduce((a, b) => a * b)
  return {
    embed: async clips => {
      const before = await runtime.cpuSeconds()
      const parts: Uint16Array[] = []
      for (let at = 0; at < clips.length; at += clipBytes) {
        const data = clips.subarray(at, at + clipBytes)
        const { features } = await runtime.run(session, { frames: { dtype: 'uint8', shape, data } })
        parts.push(features!.data as Uint16Array)
      }
      const cpuSeconds = (await runtime.cpuSeconds()) - before
      return { cpuSeconds, features: Float32Array.from(parts.flatMap(part => [...toFloat32(part)])) }
    },
  }
}
