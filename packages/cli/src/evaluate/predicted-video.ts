import type { Prediction } from '@takt/recording'
import { type LabelledVideo, TASK_TIER } from '@takt/steps'

/** A prediction as labels, to be written where labels are read. */
export function predictedVideo({ steps }: Prediction): LabelledVideo {
  const spans = steps.map(({ step, startSeconds, endSeconds }) => ({
    startSeconds: Math.max(0, round(startSeconds)),
    endSeconds: round(endSeconds),
    label: step,
    tier: TASK_TIER,
  }))
  return { source: null, spans: spans.filter(({ startSeconds, endSeconds }) => startSeconds < endSeconds) }
}

/** Milliseconds are finer than any border is known. */
const round = (seconds: number): number => Math.round(seconds * 1000) / 1000
