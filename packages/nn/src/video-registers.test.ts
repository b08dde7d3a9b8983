import { tensorValue } from '@takt/graph'
import { openRuntime } from '@takt/runtime'
import { expect, test, vi } from 'vitest'
import { smallEncoder } from '../test/small-encoder.ts'
import { encoderModel, initialParameters } from './encoder-model.ts'
import type { EncoderSpec } from './encoder-spec.ts'

// A child process takes its time to start on a busy machine.
vi.setConfig({ testTimeout: 30_000 })

const spec: EncoderSpec = { ...smallEncoder, registers: 3 }

test('registers are one more weight of an encoder, are attended to, and come out nowhere', async () => {
  const { registers, ...others } = initialParameters(spec, 1)
  expect(registers!.shape).toEqual([3, 16])
  expect(others).toEqual(initialParameters(smallEncoder, 1))

  await using runtime = await openRuntime({ provider: 'cpu', threads: 1 })
  const frames = tensorValue(
    { dtype: 'uint8', shape: [1, 4, 16, 16, 3] },
    Array.from({ length: 4 * 16 * 16 * 3 }, (_, i) => (i * 37) % 251),
  )
  const features = async (of: EncoderSpec, scale: number) => {
    const kept = {
      ...registers!,
      data: Float32Array.from(registers!.data as Float32Array, x => scale * x),
    } as typeof frames
    const session = await runtime.load(
      encoderModel(of, of.registers ? { ...others, registers: kept } : others, { batch: 1 }),
    )
    const { features } = await runtime.run(session, { frames })
    await runtime.unload(session)
    return features!
  }
  const [without, small, large] = [await features(smallEncoder, 1), await features(spec, 1), await features(spec, 100)]
  expect(small.shape).toEqual(without.shape)
  expect(small.data).not.toEqual(without.data)
  expect(large.data).not.toEqual(small.data)
})
