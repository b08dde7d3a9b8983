import type { ComposedVideo } from '../material/compose.ts'

/** One true occurrence of a step, in UTC. */
export interface TrueStepUtc {
  readonly step: string
  readonly startMs: number
  readonly endMs: number
}

/** What a camera whose film began at `epochMs` showed within a range of UTC: the steps that lie wholly in it. */
export function trueSteps(video: ComposedVideo, epochMs: number, fromMs: number, toMs: number): TrueStepUtc[] {
  const lengthMs = video.lengthSeconds * 1000
  const steps: TrueStepUtc[] = []
  for (let loop = Math.floor((fromMs - epochMs) / lengthMs); epochMs + loop * lengthMs < toMs; loop++)
    for (const { step, startSeconds, endSeconds } of video.truth) {
      const startMs = epochMs + loop * lengthMs + startSeconds * 1000
      const endMs = startMs + (endSeconds - startSeconds) * 1000
      if (startMs >= fromMs && endMs <= toMs) steps.push({ step, startMs, endMs })
    }
  return steps
}
