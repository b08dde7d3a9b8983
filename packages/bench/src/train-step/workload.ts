import { type EncoderSpec, initialParameters, plantEncoderSpec, vitSizes } from '@takt/nn'
import { type Trainer, type VideoMaeTrainerOptions, videoMaePresets, videoMaeTrainer } from '@takt/ssl'

/** What is trained: an encoder by VideoMAE, and how many clips a step. */
export interface Workload {
  readonly spec: EncoderSpec
  readonly batch: number
}

/** 16 frames of 112² in tubelets of 2 × 16 × 16, as VideoMAE's small models at half of Kinetics' resolution. */
const clip = { architecture: 'video-vit', inputSize: 112, frames: 16, tubelet: 2, patch: 16, grid: 7 } as const

export const vitS: Workload = { spec: { ...clip, ...vitSizes.S }, batch: 8 }
export const vitB: Workload = { spec: { ...clip, ...vitSizes.B }, batch: 8 }

/** What a station's cameras are embedded with. */
export const plantEncoder: Workload = { spec: plantEncoderSpec, batch: 8 }

/** Small enough to say within seconds that everything runs. */
export const tiny: Workload = { spec: { ...clip, inputSize: 64, grid: 4, dim: 48, depth: 2, heads: 3 }, batch: 2 }

/** Longer than any run here, so that the rate neither peaks nor falls while it is measured. */
const scheduledSteps = 10_000

/** The paper's recipe with clipping, and a rate that trains from the first steps. */
const preset = { ...videoMaePresets.paper, clipNorm: 1, peakRate: () => 0.01 }

/** The trainer of a workload and the state it starts from. */
export function trainerOf({ spec, batch }: Workload, options: Pick<VideoMaeTrainerOptions, 'stepsPerCall'>) {
  const trainer = videoMaeTrainer({ spec, preset, batch, ...options, steps: scheduledSteps, seed: 1 })
  return { trainer, state: trainer.initialState(initialParameters(spec, 1)) }
}

/** Grained discs that cross a shaded ground, another in each clip: something to learn, the same everywhere. */
export function clipsOf({ spec, batch }: Workload, { stepsPerCall }: Pick<Trainer, 'stepsPerCall'>): Uint8Array {
  const { inputSize: size, frames: count } = spec
  const clips = Array.from({ length: stepsPerCall * batch }, (_, clip) =>
    Array.from({ length: count }, (_, frame) => discFrame(size, clip, frame / count)),
  )
  return Buffer.concat(clips.flat())
}

function discFrame(size: number, clip: number, time: number): Uint8Array {
  const phase = 2 * Math.PI * (time + clip / 7)
  const [centreX, centreY] = [size * (0.5 + 0.3 * Math.cos(phase)), size * (0.5 + 0.3 * Math.sin(2 * phase))]
  return Uint8Array.from({ length: size * size * 3 }, (_, i) => {
    const [channel, x, y] = [i % 3, Math.floor(i / 3) % size, Math.floor(i / 3 / size)]
    const inside = Math.hypot(x - centreX, y - centreY) < size / 6
    // Grained: where there is no contrast, targets are what rounding leaves of it.
    return inside
      ? 60 + 40 * ((clip + channel) % 4) + 10 * Math.sin(x + 2 * y)
      : 40 + (120 * x) / size + 40 * Math.sin((y * (channel + 2)) / 9)
  })
}
