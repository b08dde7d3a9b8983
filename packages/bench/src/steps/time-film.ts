import type { ComposedVideo } from '@takt/dev-env'
import { labelOccurrences, labelsToSteps } from '@takt/domain'
import { trainInRuntime } from '@takt/recording'
import {
  advance,
  type FitOptions,
  type FittedHead,
  fitHead,
  type Interval,
  openDecoder,
  processInOrder,
  type StepHead,
  type TimeStep,
} from '@takt/steps'

const stepsPerSecond = 4
const stepsPerSegment = 16
const viewId = 'front'

/** As much as the demo labels. */
export const labelledSeconds = 85

/** Steps read after the labels, for the normaliser to look ahead into. */
const stepsAfterLabels = 20

/** What scores a film's steps: scorers of a kind, or what a plant's fit chooses by cycles held out. */
export type FilmHead = NonNullable<FitOptions['kind']> | 'chosen'

/** A film's steps as the station's head found them, and the head's own cost. */
export interface TimedFilm {
  readonly film: ComposedVideo
  /** Where timing starts, in steps of the film. */
  readonly fromStep: number
  readonly intervals: readonly Interval[]
  /** What the fit timed in labelled cycles that it held out. */
  readonly heldOut: FittedHead['heldOut']
  readonly calibration: StepHead['calibration']
  /** Of the head that was fitted. */
  readonly kind: FittedHead['chosen']['kind']
  readonly stepCount: number
  readonly fitSeconds: number
  /** CPU time of decoding a time step. */
  readonly decodeSecondsPerStep: number
}

/**
 * Fits a head to the whole steps within the labelled time, in one range from the first of them to the last, and decodes
 * the rest online: from a decoder that has seen nothing, segment by segment.
 */
export async function timeFilm(
  film: ComposedVideo,
  features: readonly Float32Array[],
  { filmHead = 'linear', signal }: { readonly filmHead?: FilmHead; readonly signal: AbortSignal },
): Promise<TimedFilm> {
  const steps = features.map((x): TimeStep => ({ kind: 'observed', views: { [viewId]: x } }))
  const startedMs = performance.now()
  const { head, heldOut, chosen } = await fitToLabels(film, steps, { filmHead, signal })
  const fitSeconds = (performance.now() - startedMs) / 1000
  const fromStep = labelledSeconds * stepsPerSecond
  const before = process.cpuUsage()
  const intervals = decodeOnline(head, steps, fromStep)
  const { user, system } = process.cpuUsage(before)
  const decodeSecondsPerStep = (user + system) / 1e6 / (steps.length - fromStep)
  return {
    ...{ film, fromStep, intervals, heldOut, fitSeconds, decodeSecondsPerStep },
    calibration: head.calibration,
    kind: chosen.kind,
    stepCount: steps.length,
  }
}

async function fitToLabels(
  film: ComposedVideo,
  steps: readonly TimeStep[],
  { filmHead, signal }: { readonly filmHead: FilmHead; readonly signal: AbortSignal },
): Promise<FittedHead> {
  const labels = film.truth
    .filter(({ endSeconds }) => endSeconds <= labelledSeconds)
    .map(({ step, startSeconds, endSeconds }) => ({
      label: step,
      startMs: startSeconds * 1000,
      endMs: endSeconds * 1000,
    }))
  const range = { startMs: labels[0]!.startMs, endMs: labels.at(-1)!.endMs }
  const classes = ['background', ...new Set(labels.map(({ label }) => label))]
  const toSlot = Math.ceil((range.endMs / 1000) * stepsPerSecond) + stepsAfterLabels
  const sequence = {
    steps: steps.slice(0, toSlot),
    labels: labelsToSteps({ ranges: [range], labels, classes, fromSlot: 0, toSlot }),
    occurrences: labelOccurrences({ labels, classes, fromSlot: 0 }),
  }
  const process = processInOrder(classes.slice(1).map((_, index) => index + 1))
  const options: FitOptions = { process, ...(filmHead !== 'chosen' && { kind: filmHead }) }
  return fitHead({ sequences: [sequence], classes, options, train: trainInRuntime(signal), signal })
}

function decodeOnline(head: StepHead, steps: readonly TimeStep[], fromStep: number): readonly Interval[] {
  const intervals: Interval[] = []
  let state = openDecoder(head, fromStep)
  for (let at = fromStep; at < steps.length; at += stepsPerSegment) {
    const advanced = advance(head, state, steps.slice(at, at + stepsPerSegment))
    state = advanced.state
    intervals.push(...advanced.finals)
    if (at + stepsPerSegment >= steps.length) intervals.push(...advanced.provisionals)
  }
  return intervals
}
