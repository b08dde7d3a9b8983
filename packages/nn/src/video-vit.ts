import { add, constant, mean, reshape, type Tensor } from '@takt/graph'
import type { EncoderSpec } from './encoder-spec.ts'
import { type Block, block, declareBlock } from './layers/block.ts'
import { declareLinear, type Linear, linear } from './layers/linear.ts'
import { declareNorm, type Norm, norm } from './layers/norm.ts'
import { below, type Leaf } from './parameters.ts'
import { sinCosPositions } from './positions.ts'
import { tubeletSize, tubelets } from './tubelets.ts'

/** The video ViT's parameters: its patch projection takes tubelets as [frame, row, column, channel]. */
export interface VideoVit<T> {
  readonly patch: Linear<T>
  readonly blocks: readonly Block<T>[]
  readonly norm: Norm<T>
}

export function declareVideoVit<T>(leaf: Leaf<T>, spec: EncoderSpec): VideoVit<T> {
  const { dim, depth } = spec
  return {
    patch: declareLinear(below('patch', leaf), tubeletSize(spec), dim),
    blocks: Array.from({ length: depth }, (_, i) => declareBlock(below(`blocks.${i}`, leaf), dim)),
    norm: declareNorm(below('norm', leaf), dim),
  }
}

/**
 * A ViT over tubelets with joint attention over space and time: Arnab et al., 2021; Tong et al., 2022.
 * uint8 frames [batch, frames, height, width, RGB] → tokens [batch·times·side·side, dim], time outermost.
 */
export function videoVit(parameters: VideoVit<Tensor>, frames: Tensor, spec: EncoderSpec): Tensor {
  const { inputSize, frames: frameCount, tubelet, patch, dim, heads } = spec
  const batch = frames.shape[0]!
  const [times, side] = [frameCount / tubelet, inputSize / patch]
  const tokens = times * side * side

  const projected = reshape(linear(parameters.patch, tubelets(frames, spec)), [batch, tokens, dim])
  const placed = add(projected, constant(sinCosPositions({ times, side, dim })))
  let x = reshape(placed, [batch * tokens, dim])
  for (const blockParameters of parameters.blocks) x = block(blockParameters, x, { batch, tokens, heads })
  return norm(parameters.norm, x)
}

/** Averages each time step's tokens over a coarse grid: [batch·times·side·side, dim] → [batch, times, grid², dim]. */
export function poolToGrid(tokens: Tensor, spec: EncoderSpec): Tensor {
  const { inputSize, frames, tubelet, patch, dim, grid } = spec
  const [times, side] = [frames / tubelet, inputSize / patch]
  const batch = tokens.shape[0]! / (times * side * side)
  const cells = reshape(tokens, [batch, times, grid, side / grid, grid, side / grid, dim])
  return reshape(mean(cells, [3, 5]), [batch, times, grid * grid, dim])
}
