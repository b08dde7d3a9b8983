import { openRuntime, openTraining } from '@takt/runtime'
import type { SequenceEngine } from '@takt/steps'

export interface EngineOptions {
  readonly threads: number
  readonly signal: AbortSignal
  /** Told of each child process that is started to train. */
  readonly started?: (pid: number) => void
}

/** One batch, which is a whole sequence, and the state, twice. */
const LIMIT_BYTES = 2 ** 32

/** Makes a network's steps and scores in a child process for each model. */
export function sequenceEngine({ threads, signal, started = () => {} }: EngineOptions): SequenceEngine {
  const common = { provider: 'cpu', threads, signal } as const
  return {
    openTraining: async (model, state) => {
      const run = await openTraining({ ...common, limitBytes: LIMIT_BYTES, model, from: { step: 0, state } })
      if (run.childPid !== undefined) started(run.childPid)
      return {
        advance: async inputs => Number((await run.advance(inputs)).losses.loss!.data[0]),
        state: async () => (await run.checkpoint()).state,
        restore: state => run.restore({ step: 0, state }),
        [Symbol.asyncDispose]: () => run[Symbol.asyncDispose](),
      }
    },
    openScoring: async model => {
      const runtime = await openRuntime(common)
      const session = await runtime.load(model)
      return {
        run: inputs => runtime.run(session, inputs),
        [Symbol.asyncDispose]: () => runtime[Symbol.asyncDispose](),
      }
    },
  }
}
