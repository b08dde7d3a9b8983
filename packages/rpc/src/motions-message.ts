import type { IntervalMotion } from '@takt/domain'
import { rpcError } from './errors.ts'
import type { Motions } from './generated/takt/segmentation/v1/segmentation.ts'

/** Writes motions, in whole ms: borders that two of them share, or share with their task, are rounded alike. */
export const toMotionsMessage = (motions: readonly IntervalMotion[]): Motions => ({
  motions: motions.map(motion => ({
    step: motion.step,
    startMs: Math.round(motion.startMs),
    endMs: Math.round(motion.endMs),
    startSdMs: Math.round(motion.startSdMs),
    endSdMs: Math.round(motion.endSdMs),
    confidence: motion.confidence,
  })),
})

/** A mean of probabilities may come out above 1 by rounding. */
const roundingOfFloat = 1e-4

/** Reads motions. Throws `bad-message` where they overlap or leave their task, or it has no duration. */
export function fromMotionsMessage({ motions }: Motions, durationMs: number | null): readonly IntervalMotion[] {
  if (durationMs === null) throw refusal('motions', `${motions.length} in an interval without a duration`)
  let takenMs = 0
  return motions.map(({ step, startMs, endMs, startSdMs, endSdMs, confidence }) => {
    if (startMs < takenMs) throw refusal('motions.start_ms', `${startMs} before ${takenMs}`)
    if (endMs < startMs) throw refusal('motions.end_ms', `${endMs} before ${startMs}`)
    if (endMs > durationMs) throw refusal('motions.end_ms', `${endMs} of ${durationMs}`)
    if (!(confidence >= 0 && confidence <= 1 + roundingOfFloat)) throw refusal('motions.confidence', confidence)
    takenMs = endMs
    return { step, startMs, endMs, startSdMs, endSdMs, confidence: Math.min(1, confidence) }
  })
}

const refusal = (field: string, value: unknown) =>
  rpcError('bad-message', { field: `interval.${field}`, value: String(value) })
