import { UNKNOWN } from '../labelled-runs.ts'
import type { FrameLabels } from '../metrics/frame-labels.ts'
import { type SegmentationFigures, segmentationScores } from '../metrics/segmentation-scores.ts'
import { type FittedSequenceDecoder, fitSequenceDecoder } from '../sequence-decoder/fit-sequence-decoder.ts'
import type { HeldOut } from './held-out-scores.ts'
import { largestClasses } from './sequence-head.ts'
import { stampGaps } from './stamp-gaps.ts'

export type Judging = {
  readonly classCount: number
  /** Classes that segment scores leave out: the background. */
  readonly ignored: readonly number[]
  readonly signal?: AbortSignal | undefined
}

/** A head on sequences that it was not fitted on, each time step by itself and decoded. */
export type JudgedHead = {
  readonly frames: SegmentationFigures
  /** Null where there is no decoder. */
  readonly decoded: SegmentationFigures | null
  /** Fitted on the same scores; null with fewer than two sequences whose labels are whole, as it learns durations. */
  readonly decoder: FittedSequenceDecoder['decoder'] | null
}

/** What held-out scores say of a head, and a decoder of them, which itself is judged on parts it was not fitted on. */
export async function judgeHead(heldOut: readonly HeldOut[], judging: Judging): Promise<JudgedHead> {
  const { classCount, ignored, signal } = judging
  const frames = segmentationScores(
    heldOut.map(({ scores, labels }) => knownOnly({ truth: labels, predicted: largestClasses(scores, classCount) })),
    ignored,
  ).perVideo
  const whole = heldOut.filter(
    ({ labels }) => labels.some(label => label !== UNKNOWN) && stampGaps(labels).length === 0,
  )
  if (whole.length < 2) return { frames, decoded: null, decoder: null }
  const fitted = await fitSequenceDecoder({ recordings: whole, classCount, ignored, ...(signal && { signal }) })
  const { l2, evidenceWeight } = fitted.choice
  const chosen = fitted.judged.find(choice => choice.l2 === l2 && choice.evidenceWeight === evidenceWeight)
  return { frames, decoded: chosen?.heldOut ?? null, decoder: fitted.decoder }
}

/** The mean of accuracy, edit and F1 at .1, .25 and .5; what is null counts for nothing. */
export const merit = (figures: SegmentationFigures | null): number =>
  figures === null ? -1 : Object.values(figures).reduce<number>((sum, figure) => sum + (figure ?? 0), 0) / 5

/** Labels where there is one, and what is predicted there. */
export function knownOnly({ truth, predicted }: FrameLabels): FrameLabels {
  const isKnown = (_: number, time: number) => truth[time] !== UNKNOWN
  return { truth: truth.filter(isKnown), predicted: predicted.filter(isKnown) }
}
