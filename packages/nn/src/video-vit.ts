import { add, constant, gather, mean, reshape, type Tensor, type TensorValue } from '@takt/graph'
import type { EncoderSpec } from './encoder-spec.ts'
import { truncatedNormal } from './initialisers.ts'
import { poolAreas } from './layers/area-pooling.ts'
import { type Block, type BlockSequences, blocks, declareBlocks } from './layers/block.ts'
import { declareLinear, type Linear, linear } from './layers/linear.ts'
import { declareNorm, type Norm, norm } from './layers/norm.ts'
import { dropTokens, gatherTokens, prependTokens } from './layers/tokens.ts'
import { below, type Leaf } from './parameters.ts'
import { sinCosPositions } from './positions.ts'
import { cutTubelets, normaliseTubelets, tubeletSize, tubelets } from './tubelets.ts'

/** The video ViT's parameters: its patch projection takes tubelets as [frame, row, column, channel]. */
export interface VideoVit<T> {
  readonly patch: Linear<T>
  /** [registers, dim], where the spec has some: Darcet et al., 2024. */
  readonly registers?: T
  readonly blocks: readonly Block<T>[]
  readonly norm: Norm<T>
}

export function declareVideoVit<T>(leaf: Leaf<T>, spec: EncoderSpec): VideoVit<T> {
  const { dim, depth, registers = 0 } = spec
  const tokens = (count: number) => leaf({ name: 'registers', shape: [count, dim], initialiser: truncatedNormal(0.02) })
  return {
    patch: declareLinear(below('patch', leaf), tubeletSize(spec), dim),
    ...(registers > 0 ? { registers: tokens(registers) } : {}),
    blocks: declareBlocks(leaf, depth, { dim }),
    norm: declareNorm(below('norm', leaf), dim),
  }
}

/**
 * A ViT over tubelets with joint attention over space and time: Arnab et al., 2021; Tong et al., 2022.
 * uint8 frames [batch, frames, height, width, RGB] → tokens [batch·times·side·side, dim], time outermost.
 */
export function videoVit(parameters: VideoVit<Tensor>, frames: Tensor, spec: EncoderSpec): Tensor {
  const projected = projectTubelets(parameters, frames, spec)
  return encodePlaced(parameters, add(projected, constant(videoPositions(spec))), spec)
}

/** The tokens of frames before they have positions, [batch, tokens, dim]. */
export function projectTubelets(parameters: VideoVit<Tensor>, frames: Tensor, spec: EncoderSpec): Tensor {
  const projected = linear(parameters.patch, tubelets(frames, spec))
  return reshape(projected, [frames.shape[0]!, tokenCount(spec), spec.dim])
}

/**
 * The same over the tokens that a mask leaves: `visible` int64 [batch, kept], each clip's own, none twice
 * → [batch·kept, dim]. What is hidden costs nothing: He et al., 2022; Tong et al., 2022.
 */
export function visibleVideoVit(
  parameters: VideoVit<Tensor>,
  { frames, visible }: { readonly frames: Tensor; readonly visible: Tensor },
  spec: EncoderSpec,
): Tensor {
  const [batch, kept] = visible.shape as [number, number]
  const rows = gatherTokens(cutTubelets(frames, spec), visible, tokenCount(spec))
  const projected = reshape(linear(parameters.patch, normaliseTubelets(rows)), [batch, kept, spec.dim])
  return encodePlaced(parameters, add(projected, gather(constant(videoPositions(spec)), visible)), spec)
}

/** Tokens of one clip. */
export function tokenCount({ inputSize, frames, tubelet, patch }: EncoderSpec): number {
  return (frames / tubelet) * (inputSize / patch) ** 2
}

/** Fixed positions [tokens, dim] of a clip's tokens; of another width for a predictor. */
export function videoPositions(spec: EncoderSpec, dim = spec.dim): TensorValue {
  const { inputSize, frames, tubelet, patch } = spec
  return sinCosPositions({ times: frames / tubelet, side: inputSize / patch, dim })
}

/** The blocks over placed tokens, registers before them: [batch, tokens, dim] → [batch·tokens, dim] without registers. */
export function encodePlaced(parameters: VideoVit<Tensor>, placed: Tensor, { heads }: EncoderSpec): Tensor {
  return norm(parameters.norm, attendPlaced(parameters, placed, { heads }))
}

/** The same before the last norm. */
export function attendPlaced(
  { registers, blocks: learnt }: Pick<VideoVit<Tensor>, 'registers' | 'blocks'>,
  placed: Tensor,
  options: Pick<BlockSequences, 'heads' | 'epsilon' | 'rotation'>,
): Tensor {
  const sequence = registers ? prependTokens(registers, placed) : placed
  const [batch, tokens, dim] = sequence.shape as [number, number, number]
  const attended = blocks(learnt, reshape(sequence, [batch * tokens, dim]), { batch, tokens, ...options })
  if (!registers) return attended
  const own = dropTokens(reshape(attended, [batch, tokens, dim]), registers.shape[0]!)
  return reshape(own, [batch * own.shape[1]!, dim])
}

type PooledSpec = Pick<EncoderSpec, 'inputSize' | 'frames' | 'tubelet' | 'patch' | 'dim' | 'grid'>

/** Averages each time step's tokens over a coarse grid: [batch·times·side·side, dim] → [batch, times, grid², dim]. */
export function poolToGrid(tokens: Tensor, spec: PooledSpec): Tensor {
  const { inputSize, frames, tubelet, patch, dim, grid } = spec
  const [times, side] = [frames / tubelet, inputSize / patch]
  const batch = tokens.shape[0]! / (times * side * side)
  if (side % grid !== 0) return poolAreas(reshape(tokens, [batch, times, side * side, dim]), { side, grid })
  const cells = reshape(tokens, [batch, times, grid, side / grid, grid, side / grid, dim])
  return reshape(mean(cells, [3, 5]), [batch, times, grid * grid, dim])
}
