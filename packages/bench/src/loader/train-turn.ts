import { setTimeout as sleep } from 'node:timers/promises'
import { type Tensors, type TrainingRun, trainOver } from '@takt/runtime'
import type { Trainer } from '@takt/ssl'
import type { ClipPool } from '@takt/video'
import { reapedCpuSeconds } from '../measure/process-cpu.ts'
import type { Turn } from './compare-turns.ts'

export interface Training {
  readonly run: TrainingRun
  readonly trainer: Trainer
  readonly calls: number
}

/** So many calls on clips that are there already, and a checkpoint. */
export function residentTurn(training: Training, frames: Uint8Array): Promise<Turn> {
  return measureTurn(
    training,
    async () => frames,
    async () => {},
  )
}

/**
 * So many calls on a pool's clips, and a checkpoint. What is decoded ahead belongs to the turn that made room for it:
 * the turn lasts until it is there, and the next one begins with nothing in progress.
 */
export function poolTurn(training: Training, pool: ClipPool): Promise<Turn> {
  const clips = pool[Symbol.asyncIterator]()
  return measureTurn(
    training,
    async () => (await clips.next()).value!.frames,
    () => decodedAhead(pool),
  )
}

export async function decodedAhead(pool: ClipPool): Promise<void> {
  while (pool.stats.decodingSegments > 0) await sleep(2)
}

async function measureTurn(
  { run, trainer, calls }: Training,
  nextFrames: () => Promise<Uint8Array>,
  settled: () => Promise<void>,
): Promise<Turn> {
  const { step } = run.lastCheckpoint
  async function* batches(): AsyncGenerator<Tensors> {
    for (let call = 0; call < calls; call++) {
      yield trainer.inputs({ firstStep: step + call * trainer.stepsPerCall, frames: await nextFrames() })
    }
  }
  const [startedMs, ownBefore, reapedBefore] = [performance.now(), process.cpuUsage(), await reapedCpuSeconds()]
  let [waitedMs, trainingCpuSeconds] = [0, 0]
  for await (const progress of trainOver(run, batches(), { ahead: 1, checkpointEvery: calls })) {
    waitedMs += progress.waitedMs
    trainingCpuSeconds += progress.metrics.cpuSeconds
  }
  const settlingMs = performance.now()
  await settled()
  const endedMs = performance.now()
  const own = process.cpuUsage(ownBefore)
  const ownCpuSeconds = (own.user + own.system) / 1e6
  const decoderCpuSeconds = (await reapedCpuSeconds()) - reapedBefore
  return {
    steps: calls * trainer.stepsPerCall,
    seconds: (endedMs - startedMs) / 1000,
    waitedSeconds: (waitedMs + endedMs - settlingMs) / 1000,
    cpuSeconds: trainingCpuSeconds + ownCpuSeconds + decoderCpuSeconds,
    decoderCpuSeconds,
  }
}
