import type { NamedTensors } from '@takt/onnx'

/** Runs models: a caller has a runtime, this package has none. */
export type SequenceEngine = {
  /** A training model, which takes state `x` and gives `next.x`, from a first state on. */
  readonly openTraining: (model: Uint8Array<ArrayBuffer>, initial: NamedTensors) => Promise<ModelTraining>
  readonly openScoring: (model: Uint8Array<ArrayBuffer>) => Promise<ModelScoring>
}

export type ModelTraining = AsyncDisposable & {
  /** Makes a step; resolves with its loss once the inputs may be written over. */
  readonly advance: (inputs: NamedTensors) => Promise<number>
  readonly state: () => Promise<NamedTensors>
  /** Goes on from another state. */
  readonly restore: (state: NamedTensors) => Promise<void>
}

export type ModelScoring = AsyncDisposable & {
  readonly run: (inputs: NamedTensors) => Promise<NamedTensors>
}
