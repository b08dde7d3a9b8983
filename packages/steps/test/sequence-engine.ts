import { openRuntime, openTraining } from '@takt/runtime'
import type { SequenceEngine } from '../src/sequence-head/sequence-engine.ts'

const options = { provider: 'cpu', threads: 1 } as const

/** An engine of one thread. */
export const testEngine: SequenceEngine = {
  openTraining: async (model, initial) => {
    const run = await openTraining({ ...options, limitBytes: 2 ** 28, model, from: { step: 0, state: initial } })
    return {
      advance: async inputs => (await run.advance(inputs)).losses.loss!.data[0] as number,
      state: async () => (await run.checkpoint()).state,
      restore: state => run.restore({ step: 0, state }),
      [Symbol.asyncDispose]: async () => run[Symbol.asyncDispose](),
    }
  },
  openScoring: async model => {
    const runtime = await openRuntime(options)
    const session = await runtime.load(model)
    return { run: inputs => runtime.run(session, inputs), [Symbol.asyncDispose]: () => runtime[Symbol.asyncDispose]() }
  },
}
