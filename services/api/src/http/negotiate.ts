import { apiError } from '../errors.ts'

/** The offered media type that an `Accept` header likes best; the first one where it does not care. Throws `not-acceptable`. */
export const negotiate = <Type extends string>(
  accept: string | undefined,
  offered: readonly [Type, ...Type[]],
): Type => {
  if (accept === undefined || accept.trim() === '') return offered[0]
  const ranges = accept.slice(0, 1000).split(',').map(parseRange)
  let best: { readonly type: Type; readonly quality: number } | null = null
  for (const type of offered) {
    const quality = qualityOf(type, ranges)
    if (quality > (best?.quality ?? 0)) best = { type, quality }
  }
  if (!best) throw apiError('not-acceptable', { accept: accept.slice(0, 100), offered })
  return best.type
}

interface MediaRange {
  readonly range: string
  readonly quality: number
}

const parseRange = (text: string): MediaRange => {
  const [range = '', ...parameters] = text.split(';').map(part => part.trim().toLowerCase())
  const written = parameters.find(parameter => parameter.startsWith('q='))?.slice(2)
  const quality = written === undefined ? 1 : Number(written)
  return { range, quality: quality >= 0 && quality <= 1 ? quality : 0 }
}

/** The most specific range decides (RFC 9110, 12.5.1). */
const qualityOf = (type: string, ranges: readonly MediaRange[]): number => {
  for (const candidate of [type, `${type.split('/')[0]}/*`, '*/*']) {
    const range = ranges.find(({ range }) => range === candidate)
    if (range) return range.quality
  }
  return 0
}
