import { add, constant, gather, mul, range, scalarOf, type Tensor } from '@takt/graph'
import { type EncoderSpec, encodePlaced, projectTubelets, tokenCount, type VideoVit, videoPositions } from '@takt/nn'
import type { View } from './augment.ts'

interface ViewSpecs {
  /** The encoder's own. */
  readonly spec: EncoderSpec
  /** The view's: of a side and frames of its own. */
  readonly view: EncoderSpec
}

/** The encoder's tokens of a view, placed in time where its clip has them: [batch·times·side², dim]. */
export function encodeView(encoder: VideoVit<Tensor>, { frames, firstTime }: View, { spec, view }: ViewSpecs): Tensor {
  return encodePlaced(
    encoder,
    add(projectTubelets(encoder, frames, view), viewPositions(firstTime, { spec, view })),
    view,
  )
}

/** The positions [tokens, dim] of a view that starts at a time step. */
export function viewPositions(firstTime: Tensor, { spec, view }: ViewSpecs): Tensor {
  const places = (view.inputSize / view.patch) ** 2
  const tokens = add(range(tokenCount(view), 'int64'), mul(firstTime, scalarOf(firstTime, places)))
  return gather(constant(videoPositions({ ...view, frames: spec.frames })), tokens)
}
