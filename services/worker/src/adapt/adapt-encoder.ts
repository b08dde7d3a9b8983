import type { BlobStore } from '@takt/blobs'
import {
  type AdaptationLease,
  type AdaptationProgress,
  type AdaptationWork,
  claimAdaptation,
  type Database,
  giveBackAdaptation,
  recordCheckpoint,
  settlePlan,
  stopAdaptation,
} from '@takt/db'
import type { AdaptationId, EncoderId } from '@takt/domain'
import { parseEncoderSpec } from '@takt/nn'
import { decodeSafetensors } from '@takt/onnx'
import type { FedProgress } from '@takt/runtime'
import { hasCode } from '@takt/service/errors'
import type { LeftOutSegment } from '@takt/video'
import { loadCheckpoint, removeCheckpoints, type StoredCheckpoint, storeCheckpoint } from './checkpoints.ts'
import { holdLease } from './hold-lease.ts'
import { extendSeries, seriesUpTo } from './loss-series.ts'
import { layouts } from './plan-training.ts'
import { registerAdapted } from './register-adapted.ts'
import { type TrainingDevice, trainEncoder } from './train-encoder.ts'
import { trainerOf } from './trainers.ts'
import { findTrainingVideo, openTrainingVideo } from './training-video.ts'
import { watchFeatures } from './watch-features.ts'

/** What an `adapt` job works with. */
export interface AdaptContext {
  readonly db: Database
  readonly blobs: BlobStore
  readonly device: TrainingDevice
  /** Decoded video that is held at a time, bytes. */
  readonly videoBytes: number
  readonly onStarted: (started: TrainingStarted) => void
  readonly onProgress: (progress: FedProgress, call: { readonly steps: number; readonly clips: number }) => void
  readonly onLeftOut: (leftOut: LeftOutSegment) => void
  readonly onLeaseFault: (error: unknown) => void
}

export interface TrainingStarted {
  readonly adaptation: AdaptationId
  readonly segments: number
  readonly fromStep: number
}

/** What became of a job. `elsewhere`: its adaptation is over, or another worker has it. */
export type AdaptOutcome =
  | { readonly outcome: 'elsewhere' | 'stopped' }
  | { readonly outcome: 'done'; readonly encoder: EncoderId; readonly steps: number }

/**
 * Trains an encoder on its stations' own video without labels, for as long as its budget says, and registers what came
 * of it as a new encoder with its parent. It goes on from the last checkpoint, wherever that was made; done twice it
 * leaves one encoder. An abort leaves a checkpoint and gives the adaptation back. Throws `no-training-video`,
 * `method-unknown`, `not_finite` with step and tensor, `encoder-collapsed`, and what its parts throw.
 */
export async function adaptEncoder(
  context: AdaptContext,
  adaptation: AdaptationId,
  signal: AbortSignal,
): Promise<AdaptOutcome> {
  const { db } = context
  const lease = { adaptation, holder: crypto.randomUUID() }
  const work = await claimAdaptation(db, lease)
  if (!work) return { outcome: 'elsewhere' }
  let progress = progressAt(work, work.checkpointStep ?? 0, work.trainedMs)
  await using held = holdLease(db, lease, { progress: () => progress, onError: context.onLeaseFault })
  const onProgress = (now: AdaptationProgress) => {
    progress = now
  }
  try {
    const ends = AbortSignal.any([signal, held.signal])
    const encoder = await learn(context, { work, lease, signal: ends, onProgress, report: held.report })
    return encoder === null ? { outcome: 'elsewhere' } : { outcome: 'done', encoder, steps: progress.step }
  } catch (error) {
    if (hasCode(held.signal.reason, 'adaptation-lost')) return { outcome: 'elsewhere' }
    await held.report()
    if (hasCode(held.signal.reason, 'adaptation-stopped')) {
      await stopAdaptation(db, lease)
      return { outcome: 'stopped' }
    }
    await giveBackAdaptation(db, lease)
    throw error
  }
}

interface Learning {
  readonly work: AdaptationWork
  readonly lease: AdaptationLease
  readonly signal: AbortSignal
  readonly onProgress: (progress: AdaptationProgress) => void
  readonly report: () => Promise<void>
}

async function learn(context: AdaptContext, learning: Learning): Promise<EncoderId | null> {
  const { db, blobs, device, videoBytes } = context
  const { work, lease, signal, onProgress, report } = learning
  const layout = work.plan ?? layouts[device.provider]
  const trainerFor = (steps: number) => trainerOf(work, { ...layout, steps })
  const from = await startingPoint(blobs, work)
  const material = await findTrainingVideo(db, work)
  context.onStarted({ adaptation: work.id, segments: material.length, fromStep: from.step })

  let progress = progressAt(work, from.step, from.trainedMs)
  onProgress(progress)
  const watch = watchFeatures(work.id, { stepsPerCall: layout.stepsPerCall, series: progress.losses })
  const startedMs = performance.now()
  await using clips = openTrainingVideo(blobs, material, {
    ...layout,
    seed: work.seed,
    size: parseEncoderSpec(work.parent.spec).inputSize,
    fromCall: from.step / layout.stepsPerCall,
    limitBytes: videoBytes,
    onLeftOut: context.onLeftOut,
    signal,
  })
  const last = await trainEncoder(device, {
    trainerFor,
    plan: work.plan,
    onPlanned: steps => settlePlan(db, lease, { ...layout, steps }),
    from,
    clips,
    budgetMs: work.budgetMs - from.trainedMs,
    signal,
    onProgress: made => {
      const { step, losses } = made
      context.onProgress(made, { steps: layout.stepsPerCall, clips: layout.stepsPerCall * layout.batch })
      const trainedMs = from.trainedMs + performance.now() - startedMs
      const features = watch.look(made)
      const point = { step, loss: meanOf(losses.loss!.data), ...(features && { features }) }
      progress = { step, losses: extendSeries(progress.losses, [point]), trainedMs }
      onProgress(progress)
      watch.requireDistinct()
    },
    keep: async (checkpoint, trainedMs) => {
      await storeCheckpoint(blobs, work.id, { ...checkpoint, trainedMs: from.trainedMs + trainedMs })
      if (await recordCheckpoint(db, lease, checkpoint.step)) await removeCheckpoints(blobs, work.id, checkpoint)
    },
  })
  await report()
  const weights = trainerFor(last.step).encoderOf(last.state)
  const learnt = { weights, steps: last.step, material, losses: progress.losses }
  const encoder = await registerAdapted(context, work, lease, learnt)
  if (encoder !== null) await removeCheckpoints(blobs, work.id, null)
  return encoder
}

/** The last checkpoint, or the parent's weights. */
async function startingPoint(blobs: BlobStore, work: AdaptationWork): Promise<StoredCheckpoint> {
  if (work.checkpointStep !== null) return loadCheckpoint(blobs, work.id, work.checkpointStep)
  const { tensors } = decodeSafetensors(await blobs.get(work.parent.weightsKey))
  return {
    step: 0,
    state: trainerOf(work, { batch: 1, stepsPerCall: 1, steps: 1 }).initialState(tensors),
    trainedMs: 0,
  }
}

const progressAt = (work: AdaptationWork, step: number, trainedMs: number): AdaptationProgress => ({
  step,
  losses: seriesUpTo(work.losses, step),
  trainedMs,
})

const meanOf = (losses: ArrayLike<number | bigint>): number =>
  Array.from(losses, Number).reduce((sum, loss) => sum + loss, 0) / losses.length
