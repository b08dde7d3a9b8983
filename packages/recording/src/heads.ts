import {
  advance,
  type CrossValidation,
  crossValidateTemporalHead,
  fitHead,
  fitTemporalHead,
  flush,
  type Interval,
  openDecoder,
  processInOrder,
  readRecording,
  type TimeStep,
} from '@takt/steps'
import type { LabelledRecording } from './labelled-steps.ts'
import { trainInRuntime } from './train-in-runtime.ts'

/** `linear`: a plant's head, online. `temporal`: dilated convolutions over the whole recording. */
export const headKinds = ['temporal', 'linear'] as const
export type HeadKind = (typeof headKinds)[number]

export interface HeadRequest {
  /** One vector a time step. */
  readonly features: readonly Float32Array[]
  readonly labelled: LabelledRecording
  /** Networks of a temporal head, whose scores are averaged: seeds 1 to this. A linear head draws nothing. */
  readonly seeds: number
  readonly signal: AbortSignal
}

interface Head {
  /** Fits on what is labelled and reads the whole recording. */
  readonly read: (request: HeadRequest) => Promise<readonly Interval[]>
  /** Scores on labelled cycles that were left out; null where there are too few. */
  readonly crossValidate: (request: HeadRequest) => Promise<CrossValidation | null>
}

export const heads: Readonly<Record<HeadKind, Head>> = {
  linear: {
    read: async request => {
      const { steps, head } = await fitLinear(request)
      const { state, finals } = advance(head, openDecoder(head, 0), steps)
      return [...finals, ...flush(head, state).finals]
    },
    crossValidate: async request => (await fitLinear(request)).crossValidation,
  },
  temporal: {
    read: async request => {
      const head = await fitTemporalHead(temporalFit(request))
      return readRecording({ head, vectors: request.features, labels: request.labelled.training })
    },
    crossValidate: request => crossValidateTemporalHead(temporalFit(request)),
  },
}

async function fitLinear({ features, labelled: { classes, training }, signal }: HeadRequest) {
  const steps = features.map((x): TimeStep => ({ kind: 'observed', views: { recording: x } }))
  const process = processInOrder(classes.slice(1).map((_, index) => index + 1))
  const sequences = [{ steps, labels: training }]
  return { steps, ...(await fitHead({ sequences, classes, options: { process }, signal })) }
}

function temporalFit({ features, labelled: { classes, training }, seeds, signal }: HeadRequest) {
  return {
    recordings: [{ vectors: features, labels: training }],
    classes,
    seeds: Array.from({ length: seeds }, (_, index) => index + 1),
    train: trainInRuntime(signal),
    signal,
  }
}
