import type { TrainingMethod } from '@takt/domain'
import type { Graph } from '@takt/graph'
import type { NamedTensors } from '@takt/onnx'

/** One call's clips, and where in the run they are seen. */
export interface TrainerCall {
  /** Steps made before this call, as a checkpoint counts them: the first call's is 0. */
  readonly firstStep: number
  /** RGB [stepsPerCall, batch, frames, size, size, 3]. */
  readonly frames: Uint8Array
}

/**
 * All that a training run of a method needs besides clips. Pure: the same options and arguments give the same bytes, so
 * that a run that goes on from a checkpoint sees what the whole run would have seen.
 */
export interface Trainer {
  readonly method: TrainingMethod
  /** Clips a step. */
  readonly batch: number
  readonly stepsPerCall: number
  /** The graph of one call, which `model` is. */
  readonly graph: () => Graph
  /**
   * The model of one call, serialised ONNX for the runtime's `openTraining`: state `x` goes in and `next.x` comes out;
   * `loss` and `gradientNorm` [stepsPerCall] are collected, and `features` [stepsPerCall, views, clips, times, places, dim]
   * for `featureMetrics`.
   */
  readonly model: () => Uint8Array<ArrayBuffer>
  /** The state before the first step: an encoder's own weights, the rest seeded. Throws `wrong_encoder`. */
  readonly initialState: (encoder: NamedTensors) => NamedTensors
  /** The encoder's weights in a state, by the names that an encoder is stored under. */
  readonly encoderOf: (state: NamedTensors) => NamedTensors
  /** What the model takes besides its state: clips, masks and schedules. Throws `bad_frames`, `bad_trainer`. */
  readonly inputs: (call: TrainerCall) => NamedTensors
}
