export { Encoder, type EncoderModels, openEncoder } from './encoder.ts'
export { RuntimeError } from './errors.ts'
export type { Placement, Provider } from './provider.ts'
export { readAhead } from './read-ahead.ts'
export { openRuntime, type Runtime, type RuntimeOptions, type Session } from './runtime.ts'
export type { DType, Tensor, TensorSlot, Tensors } from './tensor.ts'
export { type FedProgress, type TrainOverOptions, trainOver } from './train-over.ts'
export { trainThrough, type WholeTraining } from './train-through.ts'
export {
  type Checkpoint,
  openTraining,
  type Progress,
  type TrainingMetrics,
  type TrainingOptions,
  type TrainingRun,
} from './training-run.ts'
