import { add, reshape, slice, type Tensor } from '@takt/graph'
import { truncatedNormal } from '../initialisers.ts'
import { type Block, declareBlocks } from '../layers/block.ts'
import { declareLinear, type Linear, linear } from '../layers/linear.ts'
import { declareNorm, type Norm, norm } from '../layers/norm.ts'
import { videoRotation } from '../layers/rotation.ts'
import { below, type Leaf } from '../parameters.ts'
import { cutTubelets, normaliseTubelets, tubeletSize } from '../tubelets.ts'
import { attendPlaced } from '../video-vit.ts'
import type { FoundationSpec } from './foundation-spec.ts'

/** Parameters of a published vision transformer: its patch projection takes [frame, row, column, channel]. */
export interface FoundationVit<T> {
  readonly patch: Linear<T>
  /** [tokens, dim] of what attends to each other, where a table says what lies where. */
  readonly positions?: T
  /** [registers, dim] */
  readonly registers?: T
  readonly blocks: readonly Block<T>[]
  readonly norm?: Norm<T>
}

export function declareFoundationVit<T>(leaf: Leaf<T>, spec: FoundationSpec): FoundationVit<T> {
  const { dim, depth, registers, positions, layerScale, mlpWidth, finalNorm } = spec
  const rows = (name: string, count: number) => leaf({ name, shape: [count, dim], initialiser: truncatedNormal(0.02) })
  return {
    patch: declareLinear(below('patch', leaf), tubeletSize(cutOf(spec)), dim),
    ...(positions === 'table' && { positions: rows('positions', placesOf(spec)) }),
    ...(registers > 0 && { registers: rows('registers', registers) }),
    blocks: declareBlocks(leaf, depth, { dim, mlpWidth, layerScale: layerScale ? 1 : undefined }),
    ...(finalNorm && { norm: declareNorm(below('norm', leaf), dim) }),
  }
}

/**
 * uint8 frames [batch, frames, height, width, RGB] → tokens of the patches [batch·times·side·side, dim], time outermost.
 * A model of pictures looks at the first frame of each time step alone.
 */
export function foundationVit(parameters: FoundationVit<Tensor>, frames: Tensor, spec: FoundationSpec): Tensor {
  const { dim, heads, epsilon, positions } = spec
  const looked = spec.sees === 'picture' ? firstOfEachStep(frames, spec) : frames
  const pixels = normaliseTubelets(cutTubelets(looked, cutOf(spec)), spec)
  const projected = reshape(linear(parameters.patch, pixels), [looked.shape[0]!, placesOf(spec), dim])
  const placed = parameters.positions ? add(projected, parameters.positions) : projected
  const rotation = positions === 'rotary' ? videoRotation({ ...gridOf(spec), headDim: dim / heads }) : undefined
  const attended = attendPlaced(parameters, placed, { heads, epsilon, rotation })
  return parameters.norm ? norm(parameters.norm, attended, epsilon) : attended
}

/** What attends to each other: time steps, and patches a side. */
function gridOf({ sees, frames, tubelet, inputSize, patch }: FoundationSpec) {
  return { times: sees === 'clip' ? frames / tubelet : 1, side: inputSize / patch }
}

function placesOf(spec: FoundationSpec): number {
  const { times, side } = gridOf(spec)
  return times * side * side
}

/** How that is cut into tokens. */
function cutOf({ sees, frames, tubelet, inputSize, patch }: FoundationSpec) {
  return sees === 'clip' ? { frames, tubelet, inputSize, patch } : { frames: 1, tubelet: 1, inputSize, patch }
}

/** [batch, frames, …] → [batch·times, 1, …] */
function firstOfEachStep(frames: Tensor, { tubelet }: FoundationSpec): Tensor {
  const [batch, count, ...picture] = frames.shape as [number, number, number, number, number]
  const times = count / tubelet
  const first = slice(reshape(frames, [batch * times, tubelet, ...picture]), { axis: 1, start: 0, end: 1 })
  return reshape(first, [batch * times, 1, ...picture])
}
