import type { NamedTensors } from '@takt/onnx'
import type { ModelTraining, SequenceEngine } from './sequence-engine.ts'

export type ModelOfLength = (length: number) => Uint8Array<ArrayBuffer>

/** One network in training, by a model for each length of sequences, between which its state goes to and fro. */
export type TrainingOfLengths = AsyncDisposable & {
  /** Makes a step by the model for a length; resolves with its loss once the inputs may be written over. */
  readonly advance: (length: number, inputs: NamedTensors) => Promise<number>
  readonly state: () => Promise<NamedTensors>
}

/** Models are opened when they are first wanted and stay open. */
export function trainingOfLengths(
  { openTraining }: SequenceEngine,
  model: ModelOfLength,
  initial: NamedTensors,
): TrainingOfLengths {
  const opened = new AsyncDisposableStack()
  const models = new Map<number, ModelTraining>()
  let current: ModelTraining | undefined
  const state = async () => (current ? current.state() : initial)
  const goOn = async (length: number) => {
    const last = await state()
    const known = models.get(length)
    if (known) await known.restore(last)
    const next = known ?? opened.use(await openTraining(model(length), last))
    models.set(length, next)
    return next
  }
  return {
    advance: async (length, inputs) => {
      if (!current || models.get(length) !== current) current = await goOn(length)
      return current.advance(inputs)
    },
    state,
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}
