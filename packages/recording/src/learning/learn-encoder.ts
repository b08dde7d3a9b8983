import type { TrainingMethod } from '@takt/domain'
import type { EncoderSpec } from '@takt/nn'
import type { NamedTensors } from '@takt/onnx'
import { openTraining } from '@takt/runtime'
import { collapseOf, type FeatureMetrics, featureMetrics, plantTrainers } from '@takt/ssl'
import { recordingError } from '../errors.ts'
import { BATCH, FRAME_BYTES, LIMIT_BYTES } from './bounds.ts'
import { drawClips, holdFrames } from './held-frames.ts'
import { plannedSteps } from './planned-steps.ts'

export interface LearnRequest {
  readonly video: string
  readonly method: TrainingMethod
  /** Longest time, reading the recording included. */
  readonly budgetMs: number
  /** What to start from. */
  readonly encoder: { readonly spec: EncoderSpec; readonly parameters: NamedTensors }
  readonly seed: number
  readonly threads: number
  readonly signal: AbortSignal
  /** Awaited, so that what it looks at goes on living. */
  readonly onProgress: (progress: LearnProgress) => void | Promise<void>
}

export interface LearnProgress {
  readonly step: number
  readonly steps: number
  readonly loss: number
  readonly features: FeatureMetrics
  /** Learnt from so far, each as often as it was drawn. */
  readonly clips: number
  /** CPU-time of these steps. */
  readonly cpuSeconds: number
  /** The training child's process id. */
  readonly childPid: number | undefined
}

/** Steps; the last one is looked at too. */
const LOOK_EVERY = 10

/**
 * What an encoder learns from a recording within a budget, no label being looked at: its weights. How many steps that are
 * is measured, so that two runs differ; seed and step decide what each of them sees. Throws `encoder-collapsed`,
 * `too-short-to-learn`, and what decoding and training throw.
 */
export async function learnEncoder(request: LearnRequest): Promise<NamedTensors> {
  const { video, method, budgetMs, encoder, seed, threads, signal, onProgress } = request
  const { inputSize: size, frames } = encoder.spec
  const startedMs = performance.now()
  const leftMs = () => budgetMs - (performance.now() - startedMs)
  const { stretches } = await holdFrames({ video, size, frames, limitBytes: FRAME_BYTES, seed, signal })
  if (stretches.length === 0) throw recordingError('too-short-to-learn', { video, frames })
  const held = stretches.map(stretch => stretch.frames)
  const trainerFor = (steps: number) =>
    plantTrainers[method]({ spec: encoder.spec, batch: BATCH, stepsPerCall: 1, steps, seed })
  const first = trainerFor(1)
  const from = { step: 0, state: first.initialState(encoder.parameters) }
  const model = first.model()
  await using run = await openTraining({ provider: 'cpu', threads, model, from, limitBytes: LIMIT_BYTES, signal })
  const clipsOf = (step: number) => drawClips(held, { frames, size, batch: BATCH, step, seed })

  const steps = await plannedSteps(run, { from, inputs: first.inputs({ firstStep: 0, frames: clipsOf(0) }), leftMs })

  const trainer = trainerFor(steps)
  const looks: FeatureMetrics[] = []
  let cpuSeconds = 0
  for (let step = 0; step < steps && leftMs() > 0; step++) {
    const { losses, metrics } = await run.advance(trainer.inputs({ firstStep: step, frames: clipsOf(step) }))
    cpuSeconds += metrics.cpuSeconds
    if (step % LOOK_EVERY !== 0 && step < steps - 1) continue
    const { shape, data } = losses.features!
    const features = featureMetrics({ shape, data: data as Float32Array })
    looks.push(features)
    const made = step + 1
    const taken = { clips: made * BATCH, cpuSeconds, childPid: run.childPid }
    await onProgress({ step: made, steps, loss: Number(losses.loss!.data[0]), features, ...taken })
    const lost = collapseOf(looks)
    if (lost !== null) throw recordingError('encoder-collapsed', { method, step: made, lost })
  }
  return trainer.encoderOf((await run.checkpoint()).state)
}
