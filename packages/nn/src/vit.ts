import { add, constant, reshape, slice, type Tensor } from '@takt/graph'
import { truncatedNormal } from './initialisers.ts'
import { type Block, blocks, declareBlocks } from './layers/block.ts'
import { declareLinear, type Linear, linear } from './layers/linear.ts'
import { declareNorm, type Norm, norm } from './layers/norm.ts'
import { dropTokens, prependTokens } from './layers/tokens.ts'
import { below, type Leaf } from './parameters.ts'
import { sinCosPlane } from './positions.ts'
import { tubeletSize, tubelets } from './tubelets.ts'
import type { VitSize } from './vit-sizes.ts'

/** An image ViT; sizes in pixels and tokens. */
export interface VitSpec extends VitSize {
  readonly patch: number
  /** Tokens that carry nothing in or out and give attention a place to keep what is global; 4 in DINOv2. */
  readonly registers: number
  /** First value of the layer scales, 1e-5 in DINOv2; without it there are none. */
  readonly layerScale?: number
}

export interface Vit<T> {
  readonly patch: Linear<T>
  /** [1, dim] */
  readonly classToken: T
  /** [registers, dim] */
  readonly registers?: T
  readonly blocks: readonly Block<T>[]
  readonly norm: Norm<T>
}

export function declareVit<T>(leaf: Leaf<T>, { patch, dim, depth, registers, layerScale }: VitSpec): Vit<T> {
  const tokens = (name: string, count: number) =>
    leaf({ name, shape: [count, dim], initialiser: truncatedNormal(0.02) })
  return {
    patch: declareLinear(below('patch', leaf), tubeletSize({ tubelet: 1, patch }), dim),
    classToken: tokens('classToken', 1),
    ...(registers > 0 ? { registers: tokens('registers', registers) } : {}),
    blocks: declareBlocks(leaf, depth, { dim, layerScale }),
    norm: declareNorm(below('norm', leaf), dim),
  }
}

interface VitTokens {
  /** [batch, 1, dim] */
  readonly classToken: Tensor
  /** [batch, side·side, dim] */
  readonly patches: Tensor
}

/**
 * RGB images [batch, size, size, 3] of 0 … 255, of any size that is a multiple of the patch → tokens: Dosovitskiy et
 * al., 2021, with registers (Darcet et al., 2024) and fixed sin-cos positions as in MoCo v3, so that one tree serves
 * large and small crops.
 */
export function vit(parameters: Vit<Tensor>, images: Tensor, { patch, dim, heads }: VitSpec): VitTokens {
  const [batch, size] = images.shape as [number, number, number, number]
  const side = size / patch
  const frames = reshape(images, [batch, 1, size, size, 3])
  const pixels = tubelets(frames, { inputSize: size, frames: 1, tubelet: 1, patch })

  const projected = reshape(linear(parameters.patch, pixels), [batch, side * side, dim])
  const placed = add(projected, constant(sinCosPlane({ side, dim })))
  const attended = parameters.registers ? prependTokens(parameters.registers, placed) : placed
  const sequence = prependTokens(parameters.classToken, attended)

  const tokens = sequence.shape[1]!
  const x = reshape(sequence, [batch * tokens, dim])
  const y = reshape(norm(parameters.norm, blocks(parameters.blocks, x, { batch, tokens, heads })), [batch, tokens, dim])
  return { classToken: slice(y, { axis: 1, start: 0, end: 1 }), patches: dropTokens(y, tokens - side * side) }
}
