import type { NamedTensors } from '@takt/onnx'
import type { ModelTraining, SequenceEngine } from './sequence-engine.ts'

export type ModelOfLength = (length: number) => Uint8Array<ArrayBuffer>

/** One network in training, by a model for each length of sequences, between which its state goes to and fro. */
export type TrainingOfLengths = AsyncDisposable & {
  /** Makes a step by the model for a length; resolves with its loss once the inputs may be written over. */
  readonly advance: (length: number, inputs: NamedTensors) => Promise<number>
  readonly state: () => Promise<NamedTensors>
}

/**
 * Time steps that models may be open for together, besides one that is longer: an open model keeps the memory of its
 * largest step, some 140 MB for a thousand time steps of MS-TCN.
 */
const MOST_OPEN_STEPS = 8192

/** Models are opened when they are wanted, and stay open as long as there is room. */
export function trainingOfLengths(
  { openTraining }: SequenceEngine,
  model: ModelOfLength,
  initial: NamedTensors,
): TrainingOfLengths {
  const open = new Map<number, ModelTraining>()
  let current: ModelTraining | undefined
  const state = async () => (current ? current.state() : initial)
  const makeRoom = async (wanted: number) => {
    let steps = open.keys().reduce((sum, length) => sum + length, wanted)
    for (const [length, training] of open) {
      if (steps <= MOST_OPEN_STEPS) return
      steps -= length
      open.delete(length)
      await training[Symbol.asyncDispose]()
    }
  }
  const goOn = async (length: number) => {
    const last = await state()
    const known = open.get(length)
    if (known) await known.restore(last)
    else await makeRoom(length)
    const next = known ?? (await openTraining(model(length), last))
    open.set(length, next)
    return next
  }
  return {
    advance: async (length, inputs) => {
      if (!current || open.get(length) !== current) current = await goOn(length)
      return current.advance(inputs)
    },
    state,
    [Symbol.asyncDispose]: async () => {
      for (const training of open.values()) await training[Symbol.asyncDispose]()
    },
  }
}
