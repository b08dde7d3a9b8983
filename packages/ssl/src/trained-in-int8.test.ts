import { type EncoderSpec, encoderModel, initialParameters } from '@takt/nn'
import { type NamedTensors, toFloat32 } from '@takt/onnx'
import { openRuntime, openTraining } from '@takt/runtime'
import { expect, test, vi } from 'vitest'
import { videoMaePresets } from './video-mae-presets.ts'
import { videoMaeTrainer } from './video-mae-trainer.ts'

// Processes take their time to start on a busy machine.
vi.setConfig({ testTimeout: 60_000 })

const spec: EncoderSpec = {
  architecture: 'video-vit',
  inputSize: 32,
  frames: 4,
  tubelet: 2,
  patch: 8,
  dim: 64,
  depth: 3,
  heads: 2,
  grid: 4,
}
const [batch, stepsPerCall, calls] = [8, 10, 6]

/** Waves that run over a still ground, each clip at another pace. */
function clips(count: number, from: number): Uint8Array {
  return Uint8Array.from({ length: count * 4 * 32 * 32 * 3 }, (_, i) => {
    const [x, y, frame] = [Math.floor(i / 3) % 32, Math.floor(i / 96) % 32, Math.floor(i / 3072) % 4]
    const clip = from + Math.floor(i / 12_288)
    return 127 + 100 * Math.sin((x * (clip % 7) + y * (clip % 5)) / 20 + (frame * (clip % 3)) / 3 + (i % 3))
  })
}

/** 60 steps of VideoMAE. */
async function trained(): Promise<NamedTensors> {
  const preset = { ...videoMaePresets.plant, maskRatio: 0.75, peakRate: () => 0.003 }
  const trainer = videoMaeTrainer({ spec, preset, batch, stepsPerCall, steps: stepsPerCall * calls, seed: 7 })
  const from = { step: 0, state: trainer.initialState(initialParameters(spec, 1)) }
  await using run = await openTraining({
    provider: 'cpu',
    threads: 1,
    model: trainer.model(),
    from,
    limitBytes: 1 << 29,
  })
  for (let call = 0; call < calls; call++) {
    const frames = clips(batch * stepsPerCall, call * batch * stepsPerCall)
    await run.advance(trainer.inputs({ firstStep: call * stepsPerCall, frames }))
  }
  return trainer.encoderOf((await run.checkpoint()).state) as NamedTensors
}

/** Cosines of each feature vector in int8 with the same in float32. */
async function cosines(parameters: NamedTensors): Promise<readonly number[]> {
  await using runtime = await openRuntime({ provider: 'cpu', threads: 1 })
  const frames = { dtype: 'uint8', shape: [batch, 4, 32, 32, 3], data: clips(batch, 10_000) } as const
  const features = async (precision: 'float32' | 'int8') => {
    const session = await runtime.load(encoderModel(spec, parameters, { batch, precision }))
    return toFloat32((await runtime.run(session, { frames })).features!.data as Uint16Array)
  }
  const [exact, rounded] = [await features('float32'), await features('int8')]
  return Array.from({ length: exact.length / spec.dim }, (_, i) => {
    const [a, b] = [exact, rounded].map(all => all.subarray(i * spec.dim, (i + 1) * spec.dim)) as [
      Float32Array,
      Float32Array,
    ]
    return a.reduce((sum, value, j) => sum + value * b[j]!, 0) / (Math.hypot(...a) * Math.hypot(...b))
  })
}

test('in int8, a trained encoder points every feature vector the same way, to a cosine of .999', async () => {
  const found = await cosines(await trained())
  expect(found).toHaveLength(batch * 2 * 16)
  expect(Math.min(...found)).toBeGreaterThan(0.999)
})
