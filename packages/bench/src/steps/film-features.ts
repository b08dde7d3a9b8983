import type { ComposedVideo } from '@takt/dev-env'
import { plantEncoderSpec } from '@takt/nn'
import { toFloat32 } from '@takt/onnx'
import type { Encoder } from '@takt/runtime'
import { hogMotion } from '@takt/steps'
import { clipFrames, decodeSegment, planClips } from '@takt/video'

/** What both rivals make of a film: one vector a time step. */
export interface FilmFeatures {
  /** `[grid · dim]` each. */
  readonly untrained: readonly Float32Array[]
  /** `[480]` each. */
  readonly hogMotion: readonly Float32Array[]
}

/** Steps of a stored segment, 4 s: clips never reach across its ends. */
const stepsPerSegment = 16

const withinMs = 300_000

/** Decodes a film once, onto the frame grid, and describes it in both ways. */
export async function filmFeatures(
  film: ComposedVideo,
  { encoder, signal }: { readonly encoder: Encoder; readonly signal: AbortSignal },
): Promise<FilmFeatures> {
  const size = plantEncoderSpec.inputSize
  const { frames, stepCount } = await decodeSegment({
    input: film.file,
    mediaStartSeconds: 0,
    durationSeconds: film.lengthSeconds,
    renditions: [{ id: 'whole', size }],
    timeoutMs: withinMs,
    signal,
  })
  const pixels = frames.get('whole')!
  const untrained: Float32Array[] = []
  for (let from = 0; from < stepCount; from += stepsPerSegment) {
    const bytesPerStep = pixels.length / stepCount
    const segment = pixels.subarray(from * bytesPerStep, (from + stepsPerSegment) * bytesPerStep)
    untrained.push(...(await embedSegment(encoder, segment, segment.length / bytesPerStep)))
  }
  return { untrained, hogMotion: hogMotion(pixels, size) }
}

/** The features of each step, from the clips that the worker would cut. */
async function embedSegment(encoder: Encoder, frames: Uint8Array, stepCount: number): Promise<Float32Array[]> {
  const { inputSize, grid, dim } = plantEncoderSpec
  const perStep = grid * grid * dim
  const plans = planClips(stepCount)
  const clips = await encoder.embedClips(plans.map(plan => clipFrames(frames, plan, inputSize)))
  return plans.flatMap(({ firstStep, emitFrom, emitTo }, clip) => {
    const features = toFloat32(clips[clip]!)
    return Array.from({ length: emitTo - emitFrom }, (_, i) => {
      const at = (emitFrom - firstStep + i) * perStep
      return features.subarray(at, at + perStep)
    })
  })
}
