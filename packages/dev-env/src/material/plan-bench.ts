import type { SourceLabel, TrueStep } from './labels.ts'
import { type LightPlan, planLight } from './plan-light.ts'
import { framesPerSecond, type Nudge } from './plan-station.ts'
import { seededRandom } from './random.ts'

/** One showing of the recording, a little faster or slower than it was made. */
export interface BenchLoop {
  readonly speed: number
  readonly startFrame: number
  readonly frameCount: number
  readonly nudge: Nudge
  readonly noiseSeed: number
}

export interface BenchPlan {
  readonly seed: number
  readonly frameCount: number
  readonly loops: readonly BenchLoop[]
  readonly light: LightPlan
}

/** Length of the recording, seconds. */
export const benchSeconds = 39.84

/** Pure: as many whole loops as `minutes` need. */
export const planBench = ({ seed, minutes }: { readonly seed: number; readonly minutes: number }): BenchPlan => {
  const random = seededRandom(seed)
  const loops: BenchLoop[] = []
  let frame = 0
  while (frame < minutes * 60 * framesPerSecond) {
    const speed = random.between(0.88, 1.14)
    const frameCount = Math.round((benchSeconds * framesPerSecond) / speed)
    const nudge = { dx: random.between(-5, 5), dy: random.between(-3, 3), zoom: random.between(0.96, 0.98) }
    loops.push({ speed, startFrame: frame, frameCount, nudge, noiseSeed: random.below(2 ** 31) })
    frame += frameCount
  }
  return { seed, frameCount: frame, loops, light: planLight(random, frame / framesPerSecond) }
}

/** The hand-made labels, moved to each loop and scaled by its speed. */
export const benchTruth = (plan: BenchPlan, labels: readonly SourceLabel[]): readonly TrueStep[] =>
  plan.loops.flatMap(({ startFrame, speed }, cycle) =>
    labels.map(({ label, startSeconds, endSeconds }) => ({
      step: label,
      startSeconds: startFrame / framesPerSecond + startSeconds / speed,
      endSeconds: startFrame / framesPerSecond + endSeconds / speed,
      cycle,
    })),
  )
