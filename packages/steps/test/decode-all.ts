import { advance, flush } from '../src/decoder.ts'
import { openDecoder } from '../src/decoder-state.ts'
import type { Interval } from '../src/interval.ts'
import { intervalLabels } from '../src/interval-labels.ts'
import { segmentalF1 } from '../src/metrics/segmental-f1.ts'
import type { StepHead } from '../src/step-head.ts'
import type { TimeStep } from '../src/time-step.ts'

/** The finals of a whole recording, given in segments of 16 steps as a station gives them. */
export function decodeAll(head: StepHead, steps: readonly TimeStep[]): readonly Interval[] {
  let state = openDecoder(head, 0)
  const finals: Interval[] = []
  for (let at = 0; at < steps.length; at += 16) {
    const result = advance(head, state, steps.slice(at, at + 16))
    finals.push(...result.finals)
    state = result.state
  }
  return [...finals, ...flush(head, state).finals]
}

/** F1@50 in percent, of intervals or of labels by step. */
export function f1Of(truth: Int16Array, found: readonly Interval[] | Int16Array): number {
  const predicted = found instanceof Int16Array ? found : intervalLabels(found, truth.length)
  return segmentalF1([{ truth, predicted }], 0.5, [0])!
}
