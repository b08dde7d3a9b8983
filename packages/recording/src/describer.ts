import { framesPerStep } from '@takt/domain'
import { type AnyEncoderSpec, encoderModel } from '@takt/nn'
import { type NamedTensors, toFloat32 } from '@takt/onnx'
import { openEncoder, type Runtime } from '@takt/runtime'
import { hogMotion } from '@takt/steps'
import { clipFrames, planClips } from '@takt/video'

/** Turns a recording's frames, given in order and piece by piece, into one vector a time step. */
export interface Describer extends AsyncDisposable {
  /** Side of the square frames that it wants. */
  readonly size: number
  /** `[2·steps, size, size, RGB]` uint8 → one vector a step. */
  readonly describe: (frames: Uint8Array) => Promise<readonly Float32Array[]>
}

/** Steps of a stored segment, 4 s: an encoder's clips never reach across its ends, in a plant or here. */
const STEPS_PER_SEGMENT = 16
const CLIPS_PER_SEGMENT = 2

/** HOG and motion energy: the rival made by hand. Each piece is described together with the step before it. */
export function hogDescriber(size: number): Describer {
  const stepBytes = framesPerStep * size * size * 3
  let before: Uint8Array | undefined
  return {
    size,
    describe: async frames => {
      const joined = before ? Buffer.concat([before, frames]) : frames
      const skipped = before ? 1 : 0
      before = frames.slice(-stepBytes)
      return hogMotion(joined, size).slice(skipped)
    },
    [Symbol.asyncDispose]: async () => {},
  }
}

/** An encoder's grid features, from the clips that a worker would cut. Pieces are to hold whole segments of 16 steps. */
export function encoderDescriber(
  runtime: Runtime,
  { spec, parameters }: { readonly spec: AnyEncoderSpec; readonly parameters: NamedTensors },
): Describer {
  const { inputSize: size, grid, dim } = spec
  const modelFor = (batch: number) => encoderModel(spec, parameters, { batch })
  const encoder = openEncoder(runtime, { modelFor, batchSizes: [CLIPS_PER_SEGMENT] })
  const stepBytes = framesPerStep * size * size * 3
  const perStep = grid * grid * dim

  async function describeSegment(frames: Uint8Array): Promise<readonly Float32Array[]> {
    const plans = planClips(frames.byteLength / stepBytes)
    const clips = await encoder.embedClips(plans.map(plan => clipFrames(frames, plan, size)))
    return plans.flatMap(({ firstStep, emitFrom, emitTo }, clip) => {
      const features = toFloat32(clips[clip]!)
      return Array.from({ length: emitTo - emitFrom }, (_, i) => {
        const at = (emitFrom - firstStep + i) * perStep
        return features.slice(at, at + perStep)
      })
    })
  }

  return {
    size,
    describe: async frames => {
      const described: Float32Array[] = []
      for (let at = 0; at < frames.byteLength; at += STEPS_PER_SEGMENT * stepBytes) {
        described.push(...(await describeSegment(frames.subarray(at, at + STEPS_PER_SEGMENT * stepBytes))))
      }
      return described
    },
    [Symbol.asyncDispose]: () => encoder[Symbol.asyncDispose](),
  }
}
