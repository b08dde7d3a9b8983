import { type TensorType, tensorValue } from '@takt/graph'
import { type EncoderSpec, type Schedule, type ScheduleName, tokenCount } from '@takt/nn'
import type { NamedTensors } from '@takt/onnx'
import { sslError } from './errors.ts'
import { requireInteger } from './require-integer.ts'
import type { TrainerCall } from './trainer.ts'
import { hiddenPlaces, type TubeMask, tubeMask } from './tube-mask.ts'

interface VideoMaeInputs {
  readonly spec: EncoderSpec
  readonly maskRatio: number
  readonly batch: number
  readonly stepsPerCall: number
  readonly seed: number
  readonly schedules: Readonly<Record<Exclude<ScheduleName, 'step'>, Schedule>>
}

/** The clips of one step and their masks: uint8 frames [batch, …], int64 visible and hidden [batch, tokens]. */
export function maskedClips({
  spec,
  maskRatio,
  batch,
}: Pick<VideoMaeInputs, 'spec' | 'maskRatio' | 'batch'>): Readonly<
  Record<'frames' | 'visible' | 'hidden', TensorType>
> {
  const { inputSize, frames } = spec
  const { times, places } = tubesOf(spec)
  const hidden = times * hiddenPlaces({ places, ratio: maskRatio })
  return {
    frames: { dtype: 'uint8', shape: [batch, frames, inputSize, inputSize, 3] },
    visible: { dtype: 'int64', shape: [batch, tokenCount(spec) - hidden] },
    hidden: { dtype: 'int64', shape: [batch, hidden] },
  }
}

/** One call's clips with a mask of its own for each, and the schedules of its steps; the seed and the step decide. */
export function videoMaeInputs(options: VideoMaeInputs, { firstStep, frames }: TrainerCall): NamedTensors {
  const { spec, maskRatio, batch, stepsPerCall, seed, schedules } = options
  const types = maskedClips(options)
  const stacked = ({ dtype, shape }: TensorType) => ({ dtype, shape: [stepsPerCall, ...shape] })
  requireCall({ firstStep, frames }, stacked(types.frames).shape)

  const steps = Array.from({ length: stepsPerCall }, (_, i) => firstStep + 1 + i)
  const clips = Array.from({ length: batch }, (_, i) => i)
  const tubes = { ...tubesOf(spec), ratio: maskRatio }
  const masks = steps.flatMap(step => clips.map(clip => tubeMask(tubes, { seed, stream: `mask ${step} ${clip}` })))
  const tokens = (which: keyof TubeMask) =>
    tensorValue(
      stacked(types[which]),
      masks.flatMap(mask => mask[which]),
    )
  const scalars = (numbers: readonly number[]) => tensorValue(stacked({ dtype: 'float32', shape: [] }), numbers)
  return {
    frames: { dtype: 'uint8', shape: stacked(types.frames).shape, data: frames },
    visible: tokens('visible'),
    hidden: tokens('hidden'),
    rate: scalars(steps.map(schedules.rate)),
    decay: scalars(steps.map(schedules.decay)),
    step: scalars(steps),
  } satisfies NamedTensors & Record<ScheduleName, unknown>
}

function tubesOf({ frames, tubelet, inputSize, patch }: EncoderSpec) {
  return { times: frames / tubelet, places: (inputSize / patch) ** 2 }
}

function requireCall({ firstStep, frames }: TrainerCall, shape: readonly number[]): void {
  requireInteger('firstStep', firstStep, 0)
  const expected = shape.reduce((count, size) => count * size, 1)
  if (frames.length !== expected) throw sslError('bad_frames', { found: frames.length, shape })
}
