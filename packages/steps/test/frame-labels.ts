import fc from 'fast-check'
import type { FrameLabels } from '../src/metrics/frame-labels.ts'

/** A digit a frame. */
export const labels = (text: string): Int16Array => Int16Array.from(text, digit => Number(digit))

export const sequence = (truth: string, predicted: string): FrameLabels => ({
  truth: labels(truth),
  predicted: labels(predicted),
})

const runs = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 1, max: 5 })), { minLength: 1, maxLength: 8 })
  .map(parts => parts.flatMap(([label, length]) => Array<number>(length).fill(label)))

/** One to four sequences of five classes, the two sides of each of the same length. */
export const anySequences: fc.Arbitrary<readonly FrameLabels[]> = fc.array(
  fc.tuple(runs, runs).map(([truth, predicted]) => ({
    truth: Int16Array.from(truth),
    predicted: Int16Array.from(truth, (_, frame) => predicted[frame % predicted.length]!),
  })),
  { minLength: 1, maxLength: 4 },
)
