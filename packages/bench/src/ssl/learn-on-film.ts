import type { Encoder } from '@takt/nn'
import { type LearnProgress, type LearnRequest, learnEncoder } from '@takt/recording'
import { peakMegabytes } from '../measure/process-memory.ts'
import { significant } from '../measure/round.ts'
import { pidOf } from '../train-step/takt-contender.ts'

/** What a run took; rates are null where it was too short for two looks. */
export interface LearningCost {
  /** Made by the last look: all, unless the time was up before what was planned; then up to nine more. */
  readonly steps: number
  readonly clipsPerSecond: number | null
  /** By the CPU-time of the training child, which other work on the machine disturbs less. */
  readonly clipsPerCpuSecond: number | null
  /** The most that the training child has held by the last look, its runtime included. */
  readonly peakMegabytes: number
}

export interface Look extends Pick<LearnProgress, 'step' | 'clips' | 'cpuSeconds'> {
  readonly atSeconds: number
  readonly peakMegabytes: number
}

interface Learnt {
  readonly encoder: Encoder
  readonly cost: LearningCost
}

/** An encoder after a method has learnt on a film's own video within a budget, and what that took. Throws as `learnEncoder`. */
export async function learnOnFilm(request: Omit<LearnRequest, 'onProgress'>): Promise<Learnt> {
  const looks: Look[] = []
  const parameters = await learnEncoder({
    ...request,
    onProgress: async progress => {
      const { step, clips, cpuSeconds } = progress
      const atSeconds = performance.now() / 1000
      looks.push({ step, clips, cpuSeconds, atSeconds, peakMegabytes: await peakMegabytes(pidOf(progress)) })
    },
  })
  return { encoder: { spec: request.encoder.spec, parameters }, cost: costOf(looks) }
}

/** Between the first look and the last one: reading the film and compiling are left out. */
export function costOf(looks: readonly Look[]): LearningCost {
  const [first, last] = [looks[0]!, looks.at(-1)!]
  const clips = last.clips - first.clips
  const rate = (seconds: number) => (clips > 0 && seconds > 0 ? significant(clips / seconds) : null)
  return {
    steps: last.step,
    clipsPerSecond: rate(last.atSeconds - first.atSeconds),
    clipsPerCpuSecond: rate(last.cpuSeconds - first.cpuSeconds),
    peakMegabytes: Math.round(last.peakMegabytes),
  }
}
