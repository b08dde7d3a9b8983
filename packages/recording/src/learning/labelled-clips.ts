import { framesPerStep } from '@takt/domain'
import { type EncoderSpec, random } from '@takt/nn'
import { clipTargets, type LabelledClips, type LabelledShare, labelPlan } from '@takt/ssl'
import type { LabelSpan } from '@takt/steps'
import { labelledRecording } from '../labelled-steps.ts'
import type { TimeRange } from '../time-range.ts'
import { BATCH } from './bounds.ts'
import type { HeldRecording } from './held-frames.ts'

export interface LabelledClipsRequest {
  readonly held: HeldRecording
  readonly spans: readonly LabelSpan[]
  readonly train: readonly TimeRange[]
  readonly spec: EncoderSpec
  readonly seed: number
}

export interface ClipsOfLabels {
  readonly classes: number
  /** Whole clips' worth of time that is learnt from. */
  readonly size: number
  /** What a step learns from: seed and step decide. */
  readonly learnt: (step: number) => LabelledClips
  /** What decides when to stop, a batch each. */
  readonly heldOut: readonly LabelledClips[]
}

/** Most batches that are looked at to decide when to stop. */
const MOST_BATCHES = 8

/**
 * Clips of a recording with their labels, from the training ranges alone: neither frames nor labels outside them are in
 * any. Throws `too_few_labels`, and what reading labels throws.
 */
export function clipsOfLabels({ held, spans, train, spec, seed }: LabelledClipsRequest): ClipsOfLabels {
  const { inputSize: size, frames, tubelet } = spec
  const times = frames / tubelet
  const stepBytes = framesPerStep * size * size * 3
  const { classes, training } = labelledRecording(spans, train, held.stepCount)
  const seen = held.stretches
    .map(stretch => ({ from: stretch.firstStep, to: stretch.firstStep + stretch.frames.byteLength / stepBytes }))
    .toSorted((a, b) => a.from - b.from)
  const plan = labelPlan({ labels: training, classes: classes.length, times, seen })

  const framesAt = (start: number) => {
    const { firstStep, frames } = held.stretches.findLast(
      each => each.firstStep <= start && start * stepBytes < each.firstStep * stepBytes + each.frames.byteLength,
    )!
    return frames.subarray((start - firstStep) * stepBytes, (start - firstStep + times) * stepBytes)
  }
  const clips = (share: LabelledShare, starts: readonly number[]): LabelledClips => ({
    frames: Buffer.concat(starts.map(framesAt)),
    targets: clipTargets(share, { starts, times, weights: plan.weights }),
  })
  return {
    classes: classes.length,
    size: plan.learnt.labels.filter(label => label >= 0).length / times,
    learnt: step => {
      const { starts } = plan.learnt
      const drawn = Array.from({ length: BATCH }, (_, clip) => {
        return starts[Math.floor(random(seed, `clip ${step} ${clip}`)() * starts.length)]!
      })
      return clips(plan.learnt, drawn)
    },
    heldOut: batches(plan.heldOut.starts).map(starts => clips(plan.heldOut, starts)),
  }
}

/** Whole batches, spread over all; where there are fewer than a batch, some come twice. */
function batches(starts: readonly number[]): readonly (readonly number[])[] {
  const count = Math.min(MOST_BATCHES, Math.ceil(starts.length / BATCH))
  const all = count * BATCH
  const spread = Array.from({ length: all }, (_, i) => starts[Math.floor((i * starts.length) / all)]!)
  return Array.from({ length: count }, (_, i) => spread.slice(i * BATCH, (i + 1) * BATCH))
}
