import { BoxFields } from './box-fields.ts'
import { type Box, findBox, findPath, walkBoxes } from './boxes.ts'

/** The video track that a segment's `moov` declares. */
export type VideoTrack = {
  readonly trackId: number
  readonly codec: VideoCodec
  readonly width: number
  readonly height: number
  readonly timescale: number
  readonly defaults: SampleDefaults
}

/** Values a sample takes where its run gives none (`trex`, overridden by `tfhd`). */
export type SampleDefaults = { readonly duration: number; readonly flags: number }

/** `h264`, `h265`, or the sample entry's four characters where it is neither. */
export type VideoCodec = 'h264' | 'h265' | (string & {})

const CODEC_OF_SAMPLE_ENTRY: Readonly<Record<string, VideoCodec>> = {
  avc1: 'h264',
  avc3: 'h264',
  hvc1: 'h265',
  hev1: 'h265',
}

const NO_DEFAULTS: SampleDefaults = { duration: 0, flags: 0 }

/** The first video track of `moov`, or undefined where it has none. */
export function readVideoTrack(bytes: Uint8Array, moov: Box): VideoTrack | undefined {
  for (const trak of walkBoxes(bytes, moov.bodyStart, moov.end)) {
    if (trak.type !== 'trak' || readHandler(bytes, trak) !== 'vide') continue
    const entry = readSampleEntry(bytes, trak)
    const trackId = readTrackId(bytes, trak)
    const timescale = readTimescale(bytes, trak)
    if (!entry || trackId === undefined || timescale === undefined) continue
    return { trackId, timescale, ...entry, defaults: readDefaults(bytes, moov, trackId) }
  }
  return undefined
}

function readHandler(bytes: Uint8Array, trak: Box): string | undefined {
  const hdlr = findPath(bytes, trak, ['mdia', 'hdlr'])
  if (!hdlr) return undefined
  const fields = new BoxFields(bytes, hdlr)
  fields.skip(8) // version, flags, pre_defined
  return String.fromCharCode(fields.uint8(), fields.uint8(), fields.uint8(), fields.uint8())
}

function readTrackId(bytes: Uint8Array, trak: Box): number | undefined {
  const tkhd = findBox(bytes, trak, 'tkhd')
  if (!tkhd) return undefined
  const fields = new BoxFields(bytes, tkhd)
  fields.skip(fields.versionAndFlags().version === 1 ? 16 : 8) // creation and modification time
  return fields.uint32()
}

function readTimescale(bytes: Uint8Array, trak: Box): number | undefined {
  const mdhd = findPath(bytes, trak, ['mdia', 'mdhd'])
  if (!mdhd) return undefined
  const fields = new BoxFields(bytes, mdhd)
  fields.skip(fields.versionAndFlags().version === 1 ? 16 : 8)
  const timescale = fields.uint32()
  if (timescale === 0) throw fields.malformed('the timescale is 0')
  return timescale
}

function readSampleEntry(bytes: Uint8Array, trak: Box): Pick<VideoTrack, 'codec' | 'width' | 'height'> | undefined {
  const stsd = findPath(bytes, trak, ['mdia', 'minf', 'stbl', 'stsd'])
  if (!stsd) return undefined
  new BoxFields(bytes, stsd).skip(8) // version, flags, entry count
  const [entry] = walkBoxes(bytes, stsd.bodyStart + 8, stsd.end)
  if (!entry) return undefined
  const fields = new BoxFields(bytes, entry)
  fields.skip(24) // reserved, data reference index, pre_defined
  return {
    codec: CODEC_OF_SAMPLE_ENTRY[entry.type] ?? entry.type,
    width: fields.uint16(),
    height: fields.uint16(),
  }
}

function readDefaults(bytes: Uint8Array, moov: Box, trackId: number): SampleDefaults {
  const mvex = findBox(bytes, moov, 'mvex')
  if (!mvex) return NO_DEFAULTS
  for (const trex of walkBoxes(bytes, mvex.bodyStart, mvex.end)) {
    if (trex.type !== 'trex') continue
    const fields = new BoxFields(bytes, trex)
    fields.skip(4)
    if (fields.uint32() !== trackId) continue
    fields.skip(4) // default sample description
    const duration = fields.uint32()
    fields.skip(4) // default sample size
    return { duration, flags: fields.uint32() }
  }
  return NO_DEFAULTS
}
