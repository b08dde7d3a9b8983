import type { Tensors } from './tensor.ts'
import { trainOver } from './train-over.ts'
import { openTraining, type TrainingOptions } from './training-run.ts'

/** A short training from its first state to its last: a model of some steps a call, and what each call is fed. */
export interface WholeTraining {
  readonly model: Uint8Array
  readonly initial: Tensors
  readonly calls: Iterable<Tensors>
}

/**
 * Makes all of a training's calls in a child process of its own, while this one draws what comes next, and gives the
 * last state. Throws what `openTraining` and its run throw, or the signal's reason.
 */
export async function trainThrough(
  { model, initial, calls }: WholeTraining,
  options: Omit<TrainingOptions, 'model' | 'from'>,
): Promise<Tensors> {
  await using run = await openTraining({ ...options, model, from: { step: 0, state: initial } })
  for await (const _ of trainOver(run, inTurn(calls), { ahead: 1, checkpointEvery: Infinity }))
    options.signal?.throwIfAborted()
  return run.lastCheckpoint.state
}

async function* inTurn<T>(items: Iterable<T>): AsyncGenerator<T> {
  yield* items
}
