import { videoError } from './errors.ts'

/** One ISO base media box: its four-character type and byte offsets into the file it was found in. */
export type Box = {
  readonly type: string
  readonly start: number
  readonly bodyStart: number
  readonly end: number
}

const SHORT_HEADER_BYTES = 8
const LONG_HEADER_BYTES = 16

/**
 * Yields the boxes laid end to end in `bytes[from, to)` (ISO/IEC 14496-12 §4.2).
 *
 * Every box advances by at least its header, so that no size can make the walk loop; a box that claims to end
 * past `to` is `segment-truncated` when `to` is the end of the file and `segment-malformed` otherwise.
 */
export function* walkBoxes(bytes: Uint8Array, from: number, to: number): Generator<Box> {
  let at = from
  while (at < to) {
    const box = readHeader(bytes, at, to)
    yield box
    at = box.end
  }
}

/** The first box of `type` directly inside `parent`, or undefined. */
export function findBox(bytes: Uint8Array, parent: Pick<Box, 'bodyStart' | 'end'>, type: string): Box | undefined {
  for (const box of walkBoxes(bytes, parent.bodyStart, parent.end)) if (box.type === type) return box
  return undefined
}

/** The box reached from `parent` through nested `types`, or undefined where one is missing. */
export function findPath(bytes: Uint8Array, parent: Box, types: readonly string[]): Box | undefined {
  return types.reduce<Box | undefined>((box, type) => box && findBox(bytes, box, type), parent)
}

function readHeader(bytes: Uint8Array, start: number, to: number): Box {
  if (start + SHORT_HEADER_BYTES > to) throw pastEnd(bytes, '(header)', start, start + SHORT_HEADER_BYTES, to)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const type = fourCharacters(bytes, start + 4)
  const shortSize = view.getUint32(start)
  if (shortSize === 0) return { type, start, bodyStart: start + SHORT_HEADER_BYTES, end: to }
  if (shortSize !== 1) return sized(bytes, type, start, SHORT_HEADER_BYTES, shortSize, to)
  if (start + LONG_HEADER_BYTES > to) throw pastEnd(bytes, type, start, start + LONG_HEADER_BYTES, to)
  return sized(bytes, type, start, LONG_HEADER_BYTES, Number(view.getBigUint64(start + 8)), to)
}

function sized(bytes: Uint8Array, type: string, start: number, headerBytes: number, size: number, to: number): Box {
  if (size < headerBytes) {
    throw videoError('segment-malformed', {
      box: type,
      at: start,
      reason: `claims ${size} bytes, less than its header`,
    })
  }
  if (start + size > to) throw pastEnd(bytes, type, start, start + size, to)
  return { type, start, bodyStart: start + headerBytes, end: start + size }
}

function pastEnd(bytes: Uint8Array, box: string, at: number, end: number, to: number) {
  if (to === bytes.byteLength) return videoError('segment-truncated', { box, at, end, available: to })
  return videoError('segment-malformed', { box, at, reason: `ends at ${end}, past its parent's end at ${to}` })
}

function fourCharacters(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4)).replace(/[^\x20-\x7e]/g, '?')
}
