import { cast, mul, scalarOf, slice, type Tensor } from '@takt/graph'

/** What a layer adds, less what is dropped of it: `MaskedTimes.drop`. */
type Drop = (added: Tensor) => Tensor

/** Bytes of a table for `layers` layers: [1, maps, times + layers]. */
export const dropoutTableShape = (sizes: { readonly maps: number; readonly times: number; readonly layers: number }) =>
  [1, sizes.maps, sizes.times + sizes.layers] as const

/**
 * Dropout of half of what each layer adds, [1, maps, times], by one table of bytes, 1 to keep and 0 to drop, that is
 * drawn anew for every step of training. Layer k takes it shifted by k time steps: as good as a table a layer, and 40
 * times fewer numbers to draw and to hand over.
 */
export function dropoutFrom(table: Tensor): Drop {
  const bytes = cast(table, 'float32')
  const doubled = mul(bytes, scalarOf(bytes, 2))
  let layer = 0
  return added => {
    const start = layer++
    return mul(added, slice(doubled, { axis: 2, start, end: start + added.shape[2]! }))
  }
}
