import type { TrueStep } from '@takt/dev-env'
import { frameRateHz } from '@takt/domain'

/**
 * Which frames of a stretch, in what order, show its work in another order: each cycle's steps, each with the rest that
 * follows it, as `order` has them, over and over until the stretch is as long as it was. Frames count from `fromFrame` of the film.
 */
export function reorderWork(
  truth: readonly TrueStep[],
  { fromFrame, frameCount }: { readonly fromFrame: number; readonly frameCount: number },
  order: readonly string[],
): Int32Array {
  const frameOf = (seconds: number) => Math.round(seconds * frameRateHz) - fromFrame
  const pieces = truth
    .map((step, i) => ({
      ...step,
      from: frameOf(step.startSeconds),
      to: frameOf(truth[i + 1]?.startSeconds ?? step.endSeconds),
    }))
    .filter(({ from, to }) => from >= 0 && to <= frameCount)
  const cycles = [...Map.groupBy(pieces, ({ cycle }) => cycle).values()]
  const frames = cycles
    .flatMap(steps => order.flatMap(name => steps.filter(({ step }) => step === name)))
    .flatMap(({ from, to }) => Array.from({ length: to - from }, (_, i) => from + i))
  return Int32Array.from({ length: frameCount }, (_, i) => frames[i % frames.length] ?? i)
}
