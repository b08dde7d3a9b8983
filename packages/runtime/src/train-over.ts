import { readAhead } from './read-ahead.ts'
import type { Tensors } from './tensor.ts'
import type { Progress, TrainingRun } from './training-run.ts'

export interface TrainOverOptions {
  /** Calls' worth of batches that are fetched while a call runs. */
  readonly ahead: number
  /** Calls from one checkpoint to the next; there is one at the end, too. */
  readonly checkpointEvery: number
}

/** A call's progress and how long it waited for its batches. */
export interface FedProgress extends Progress {
  readonly waitedMs: number
}

/** Advances a run by a call for each of `batches`, read ahead; what stops the run or its source is thrown. */
export async function* trainOver(
  run: TrainingRun,
  batches: AsyncIterable<Tensors>,
  { ahead, checkpointEvery }: TrainOverOptions,
): AsyncGenerator<FedProgress, void, undefined> {
  let calls = 0
  let waitingSince = performance.now()
  for await (const inputs of readAhead(batches, ahead)) {
    const waitedMs = performance.now() - waitingSince
    const progress = await run.advance(inputs)
    calls++
    if (calls % checkpointEvery === 0) await run.checkpoint()
    yield { ...progress, waitedMs }
    waitingSince = performance.now()
  }
  if (calls % checkpointEvery !== 0) await run.checkpoint()
}
