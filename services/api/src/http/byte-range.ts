import { apiError } from '../errors.ts'

/** Bytes `[start, end)`. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

/**
 * Reads a `Range` header (RFC 9110, 14). `null`: answer with the whole, which is also right for several ranges and for
 * units that are not bytes. Throws `range-unsatisfiable`.
 */
export const parseByteRange = (header: string | undefined, size: number): ByteRange | null => {
  const [, first, last] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.trim() ?? '') ?? []
  if (first === undefined || last === undefined || (first === '' && last === '')) return null
  if (first !== '' && last !== '' && Number(last) < Number(first)) return null
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first)
  const end = first === '' || last === '' ? size : Math.min(size, Number(last) + 1)
  if (start >= end) throw apiError('range-unsatisfiable', { range: header!.slice(0, 60), size })
  return { start, end }
}
