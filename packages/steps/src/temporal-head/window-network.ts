import type { Affine } from '../affine.ts'

/** Dilations of the layers, first to last: MS-TCN's, whose steps reach over 2ⁿ⁺¹ − 1 in all. */
export const DILATIONS = [1, 2, 4, 8] as const

/** Steps on either side of one that its score depends on: Σ of the dilations. */
export const REACH = DILATIONS.reduce((sum, dilation) => sum + dilation, 0)

/** Steps that a score depends on, the scored one in the middle. */
export const WINDOW = 2 * REACH + 1

/** Sizes of a network that scores `classes` from `inputs` channels. */
export type WindowSizes = { readonly inputs: number; readonly classes: number; readonly maps: number }

/**
 * A temporal convolutional network that looks at a window, as affine maps of rows:
 *   y₀ = W_in x,   y_{l+1}[t] = y_l[t] + P_l ReLU(D_l [y_l[t − 2^l], y_l[t], y_l[t + 2^l]]),   logits = W_out y₄
 * each with its bias, and y_l = 0 where nothing was seen. Farha & Gall, 2019, section 3.1: its first stage.
 */
export type WindowNetwork<Map = Affine> = {
  /** `[maps, inputs]`. */
  readonly input: Map
  readonly layers: readonly {
    /** `[maps, 3 · maps]`: of the step before, the step itself, the step after. */
    readonly dilated: Map
    /** `[maps, maps]`. */
    readonly pointwise: Map
  }[]
  /** `[classes, maps]`. */
  readonly output: Map
}

/** The affine maps of a network by their path in it, with their sizes `[out, in]`, in order. */
export function networkShapes({ inputs, classes, maps }: WindowSizes): Readonly<Record<string, [number, number]>> {
  const ofLayers = DILATIONS.flatMap((_, layer): [string, [number, number]][] => [
    [`layers.${layer}.dilated`, [maps, 3 * maps]],
    [`layers.${layer}.pointwise`, [maps, maps]],
  ])
  return Object.fromEntries([['input', [maps, inputs]], ...ofLayers, ['output', [classes, maps]]])
}

/** The network of which `affineOf` gives each map by its path. */
export function networkOf<Map>(affineOf: (path: string) => Map): WindowNetwork<Map> {
  return {
    input: affineOf('input'),
    layers: DILATIONS.map((_, layer) => ({
      dilated: affineOf(`layers.${layer}.dilated`),
      pointwise: affineOf(`layers.${layer}.pointwise`),
    })),
    output: affineOf('output'),
  }
}

/** The maps of a network by their path, in the order of `networkShapes`. */
export function affinesOf({ input, layers, output }: WindowNetwork): Readonly<Record<string, Affine>> {
  const ofLayers = layers.flatMap(({ dilated, pointwise }, layer): [string, Affine][] => [
    [`layers.${layer}.dilated`, dilated],
    [`layers.${layer}.pointwise`, pointwise],
  ])
  return Object.fromEntries([['input', input], ...ofLayers, ['output', output]])
}
