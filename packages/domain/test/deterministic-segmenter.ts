import { type Batch, type Cursor, closeInterval, type DecodedInterval } from '../src/index.ts'

/** The steps of a station's slots, as a decoder would find them. */
export type Film = readonly string[]

export const firstCursor: Cursor = {
  station: 'station',
  run: 'run',
  decodedThrough: 0,
  nextOrdinal: 0,
  checkpoint: new Uint8Array([0, 0]),
}

/** Decodes a film from a cursor on: an interval is final once the next one has begun. The checkpoint is the open interval's start. */
export function decodeFilm(film: Film, from: Cursor, to: number): Batch {
  const finals: DecodedInterval[] = []
  let start = new DataView(from.checkpoint.buffer).getUint16(0)
  for (let slot = Math.max(1, from.decodedThrough); slot < to; slot++) {
    if (film[slot] === film[slot - 1]) continue
    finals.push(closeFilmed(film, from.nextOrdinal + finals.length, start, slot))
    start = slot
  }
  const checkpoint = new Uint8Array(2)
  new DataView(checkpoint.buffer).setUint16(0, start)
  const { station, run } = from
  const next: Cursor = { station, run, decodedThrough: to, nextOrdinal: from.nextOrdinal + finals.length, checkpoint }
  return { station, run, from: from.decodedThrough, to, finals, provisionals: [], late: [], next }
}

const closeFilmed = (film: Film, ordinal: number, start: number, end: number): DecodedInterval =>
  closeInterval({
    ordinal,
    step: film[start]!,
    start: { slot: start, missing: true },
    end: { slot: end, missing: true },
    startOffsetMs: 0,
    endOffsetMs: 0,
    startSdMs: 0,
    endSdMs: 0,
    absoluteErrorMs: 0,
    confidence: 1,
    censored: 'none',
  })
