import { openTraining, trainOver } from '@takt/runtime'
import type { TemporalFit } from '@takt/steps'

/** Batches of some calls and the state, twice. */
const LIMIT_BYTES = 2 ** 30

/** Makes a run's steps in a child process of one thread, while this one draws what comes next. */
export function trainInRuntime(signal: AbortSignal): TemporalFit['train'] {
  return async ({ model, initial, calls }) => {
    const from = { step: 0, state: initial }
    await using run = await openTraining({ provider: 'cpu', threads: 1, limitBytes: LIMIT_BYTES, model, from, signal })
    for await (const _ of trainOver(run, inTurn(calls), { ahead: 1, checkpointEvery: Infinity }))
      signal.throwIfAborted()
    return run.lastCheckpoint.state
  }
}

async function* inTurn<T>(items: Iterable<T>): AsyncGenerator<T> {
  yield* items
}
