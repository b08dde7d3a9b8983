import type { TrainingPlan } from '@takt/db'
import { type Checkpoint, type FedProgress, openTraining, type Provider, trainOver } from '@takt/runtime'
import type { Trainer } from '@takt/ssl'
import type { ClipCall, ClipPool } from '@takt/video'
import { planSteps } from './plan-training.ts'

/** Where and under what bounds a run is trained. */
export interface TrainingDevice {
  readonly provider: Provider
  readonly threads: number
  /** Of state and one call's clips; activations come on top. */
  readonly limitBytes: number
  readonly checkpointEveryMs: number
}

export interface TrainingTask {
  /** A trainer for a schedule of so many steps; its model is the same for all. */
  readonly trainerFor: (steps: number) => Trainer
  /** Null before the run is laid out: its first call's clips then measure how long a call takes. */
  readonly plan: TrainingPlan | null
  readonly onPlanned: (steps: number) => Promise<void>
  readonly from: Checkpoint
  readonly clips: ClipPool
  /** Longest time that is left, preparation included. */
  readonly budgetMs: number
  /** Ends the run, with a last checkpoint. */
  readonly signal: AbortSignal
  readonly onProgress: (progress: FedProgress) => void
  /** Stores a checkpoint, however the run ends; the time is that of this training so far. */
  readonly keep: (checkpoint: Checkpoint, trainedMs: number) => Promise<void>
}

/** Training gives way to live work. */
const niceness = 10

/** How long a call may take to end once the run is to stop; less than a worker waits for its jobs, ms. */
const graceMs = 5_000

/** Live work beside it makes a call take longer and shorter: the middle one of these is taken. */
const measuredCalls = 3

/** Of the budget; where calls take long, the fewer are measured. */
const measuredShare = 0.05

/** Calls' clips that wait while a call runs. */
const ahead = 2

/**
 * Trains until the schedule or the budget is over and gives the last state; what it has learnt is kept from time to
 * time, and also when it fails. Throws `not_finite`, which names step and tensor, `training_stopped`, and what the
 * runtime, the clips and `keep` throw.
 */
export async function trainEncoder(device: TrainingDevice, task: TrainingTask): Promise<Checkpoint> {
  const { from, clips, signal, keep, onProgress } = task
  const startedMs = performance.now()
  const trainedMs = () => performance.now() - startedMs
  const first = await nextOf(clips)
  const model = task.trainerFor(task.plan?.steps ?? 1).model()
  await using run = await openTraining({ ...device, niceness, model, from, signal, graceMs })
  const steps = task.plan?.steps ?? (await measureSteps())
  let kept = { step: from.step, atMs: 0 }
  const keepNewest = async () => {
    const checkpoint = run.lastCheckpoint
    if (checkpoint.step === kept.step) return
    await keep(checkpoint, trainedMs())
    kept = { step: checkpoint.step, atMs: trainedMs() }
  }
  try {
    const batches = batchesOf(task.trainerFor(steps), clips, { first, steps })
    for await (const progress of trainOver(run, batches, { ahead, checkpointEvery: Number.POSITIVE_INFINITY })) {
      onProgress(progress)
      if (trainedMs() >= task.budgetMs) break
      if (trainedMs() - kept.atMs < device.checkpointEveryMs) continue
      await run.checkpoint()
      await keepNewest()
    }
    return await run.checkpoint()
  } finally {
    // A run that was stopped has its last state by the end of its turn, whatever this call is answered.
    await run.checkpoint().catch(() => undefined)
    await keepNewest()
  }

  /** Makes the first call a few times over, the first of which compiles and profiles; then starts anew. */
  async function measureSteps(): Promise<number> {
    const trainer = task.trainerFor(1)
    const inputs = trainer.inputs({ firstStep: 0, frames: first.frames })
    await run.advance(inputs)
    const calls: number[] = []
    do calls.push((await run.advance(inputs)).metrics.runMs)
    while (calls.length < measuredCalls && trainedMs() < measuredShare * task.budgetMs)
    const callMs = calls.toSorted((a, b) => a - b)[Math.floor(calls.length / 2)]!
    await run.restore(from)
    const { stepsPerCall } = trainer
    const planned = planSteps({ budgetMs: task.budgetMs - trainedMs(), callMs, stepsPerCall })
    await task.onPlanned(planned)
    return planned
  }
}

async function nextOf(clips: ClipPool): Promise<ClipCall> {
  const { value } = await clips[Symbol.asyncIterator]().next()
  if (!value) throw new Error('a pool of clips has no end')
  return value
}

/** Clips, masks and schedules of each call that is left, `first` being the clips of the next one. */
async function* batchesOf(
  trainer: Trainer,
  clips: ClipPool,
  { first, steps }: { readonly first: ClipCall; readonly steps: number },
) {
  const { stepsPerCall } = trainer
  const inputs = ({ call, frames }: ClipCall) => trainer.inputs({ firstStep: call * stepsPerCall, frames })
  const calls = steps / stepsPerCall
  if (first.call >= calls) return
  yield inputs(first)
  if (first.call + 1 === calls) return
  for await (const next of clips) {
    yield inputs(next)
    if (next.call + 1 === calls) return
  }
}
