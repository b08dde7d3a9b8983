import { videoError } from './errors.ts'

/** A rectangle in fractions (0..1) of the full picture, from its top left corner. */
export type Rectangle = { readonly x: number; readonly y: number; readonly width: number; readonly height: number }

/** One way to see a segment: static masks blacked out, then a crop, then scaled to `size` × `size`. */
export type Rendition = {
  readonly id: string
  readonly crop?: Rectangle
  /** In fractions of the full picture, whatever the crop. */
  readonly masks?: readonly Rectangle[]
  readonly size: number
}

const LARGEST_SIZE = 1024

/** Throws `rendition-invalid` for a rendition that no picture could be cut to. */
export function refuseInvalidRendition({ id, crop, masks = [], size }: Rendition): void {
  const refuse = (reason: string) => videoError('rendition-invalid', { id, reason })
  if (!(Number.isInteger(size) && size > 0 && size <= LARGEST_SIZE)) {
    throw refuse(`its size ${size} is no whole number between 1 and ${LARGEST_SIZE}`)
  }
  for (const rectangle of crop ? [crop, ...masks] : masks) {
    const { x, y, width, height } = rectangle
    const inside = x >= 0 && y >= 0 && width > 0 && height > 0 && x + width <= 1.000_001 && y + height <= 1.000_001
    if (!inside) throw refuse(`${JSON.stringify(rectangle)} is no part of the picture`)
  }
}

/**
 * The rendition as a chain of ffmpeg filters.
 *
 * Edges lie on even pixels, where chroma has its own: a mask's outwards, so that nothing of what it hides is left.
 */
export function renditionFilter({ crop, masks = [], size }: Rendition): string {
  return [
    ...masks.map(maskFilter),
    ...(crop ? [cropFilter(crop)] : []),
    `scale=${size}:${size}:flags=fast_bilinear`,
    'format=rgb24',
  ].join(',')
}

function maskFilter({ x, y, width, height }: Rectangle): string {
  const left = evenBelow('iw', x)
  const top = evenBelow('ih', y)
  // At least 2: the filter takes 0 for the whole side.
  const w = `max(2,${evenAbove('iw', x + width)}-${left})`
  const h = `max(2,${evenAbove('ih', y + height)}-${top})`
  return `drawbox=x='${left}':y='${top}':w='${w}':h='${h}':color=black:t=fill`
}

function cropFilter({ x, y, width, height }: Rectangle): string {
  const w = `max(2,2*round(iw*${decimal(width)}/2))`
  const h = `max(2,2*round(ih*${decimal(height)}/2))`
  return `crop=w='${w}':h='${h}':x='${evenBelow('in_w', x)}':y='${evenBelow('in_h', y)}'`
}

const evenBelow = (side: string, fraction: number) => `2*floor(${side}*${decimal(fraction)}/2)`
const evenAbove = (side: string, fraction: number) => `2*ceil(${side}*${decimal(fraction)}/2)`

/** Never in exponent form, which a filter expression would read as a name. */
const decimal = (fraction: number) => fraction.toFixed(6)
