import { BoxFields } from './box-fields.ts'
import { type Box, findBox, walkBoxes } from './boxes.ts'
import type { SampleDefaults, VideoTrack } from './segment-track.ts'

/** A camera clock reading: the NTP time (32.32 fixed point) at which the picture at `ticks` of this file was taken. */
export type ProducerTime = { readonly ntp: bigint; readonly ticks: bigint }

/** What one `moof` says about the video track. */
type FragmentRuns = {
  readonly baseDecodeTicks: number
  /** Presentation time of the fragment's first sample, in the file's own ticks. */
  readonly firstPictureTicks: number
  readonly frames: number
  readonly durationTicks: number
  readonly keyframeFirst: boolean
}

type Run = {
  readonly frames: number
  readonly durationTicks: number
  readonly firstFlags: number
  readonly firstOffsetTicks: number
}

const NON_SYNC_SAMPLE = 0x10000

const TFHD = { baseDataOffset: 0x1, descriptionIndex: 0x2, duration: 0x8, size: 0x10, flags: 0x20 } as const
const TRUN = { dataOffset: 0x1, firstFlags: 0x4, duration: 0x100, size: 0x200, flags: 0x400, offset: 0x800 } as const

/** Reads a `prft` box; version 0 carries 32 bits of media time, version 1 carries 64. */
export function readProducerTime(bytes: Uint8Array, prft: Box): ProducerTime {
  const fields = new BoxFields(bytes, prft)
  const { version } = fields.versionAndFlags()
  fields.skip(4) // reference track
  const ntp = fields.uint64()
  return { ntp, ticks: version === 0 ? BigInt(fields.uint32()) : fields.uint64() }
}

/** Sums the runs that `moof` holds for the video track; undefined where it holds none. */
export function readFragment(bytes: Uint8Array, moof: Box, track: VideoTrack): FragmentRuns | undefined {
  for (const traf of walkBoxes(bytes, moof.bodyStart, moof.end)) {
    if (traf.type !== 'traf') continue
    const defaults = readTrackFragmentHeader(bytes, traf, track)
    if (!defaults) continue
    const runs = [...walkBoxes(bytes, traf.bodyStart, traf.end)]
      .filter(box => box.type === 'trun')
      .map(trun => readRun(bytes, trun, defaults))
      .filter(run => run.frames > 0)
    const first = runs[0]
    if (!first) continue
    const baseDecodeTicks = readBaseDecodeTicks(bytes, traf)
    return {
      baseDecodeTicks,
      firstPictureTicks: baseDecodeTicks + first.firstOffsetTicks,
      frames: runs.reduce((sum, run) => sum + run.frames, 0),
      durationTicks: runs.reduce((sum, run) => sum + run.durationTicks, 0),
      keyframeFirst: (first.firstFlags & NON_SYNC_SAMPLE) === 0,
    }
  }
  return undefined
}

function readTrackFragmentHeader(bytes: Uint8Array, traf: Box, track: VideoTrack): SampleDefaults | undefined {
  const tfhd = findBox(bytes, traf, 'tfhd')
  if (!tfhd) return undefined
  const fields = new BoxFields(bytes, tfhd)
  const { flags } = fields.versionAndFlags()
  if (fields.uint32() !== track.trackId) return undefined
  if (flags & TFHD.baseDataOffset) fields.skip(8)
  if (flags & TFHD.descriptionIndex) fields.skip(4)
  const duration = flags & TFHD.duration ? fields.uint32() : track.defaults.duration
  if (flags & TFHD.size) fields.skip(4)
  return { duration, flags: flags & TFHD.flags ? fields.uint32() : track.defaults.flags }
}

function readBaseDecodeTicks(bytes: Uint8Array, traf: Box): number {
  const tfdt = findBox(bytes, traf, 'tfdt')
  if (!tfdt) return 0
  const fields = new BoxFields(bytes, tfdt)
  const ticks = fields.versionAndFlags().version === 1 ? Number(fields.uint64()) : fields.uint32()
  if (!Number.isSafeInteger(ticks)) throw fields.malformed('the decode time does not fit 53 bits')
  return ticks
}

function readRun(bytes: Uint8Array, trun: Box, defaults: SampleDefaults): Run {
  const fields = new BoxFields(bytes, trun)
  const { flags } = fields.versionAndFlags()
  const frames = fields.uint32()
  if (flags & TRUN.dataOffset) fields.skip(4)
  const runFirstFlags = flags & TRUN.firstFlags ? fields.uint32() : undefined
  refuseImpossibleCount(fields, flags, frames, bytes.byteLength)

  let durationTicks = 0
  let firstFlags = defaults.flags
  let firstOffsetTicks = 0
  const hasRows = (flags & (TRUN.duration | TRUN.size | TRUN.flags | TRUN.offset)) !== 0
  for (let sample = 0; hasRows && sample < frames; sample++) {
    durationTicks += flags & TRUN.duration ? fields.uint32() : defaults.duration
    if (flags & TRUN.size) fields.skip(4)
    const sampleFlags = flags & TRUN.flags ? fields.uint32() : defaults.flags
    const offset = flags & TRUN.offset ? fields.int32() : 0
    if (sample > 0) continue
    firstFlags = sampleFlags
    firstOffsetTicks = offset
  }
  if (!hasRows) durationTicks = frames * defaults.duration
  return { frames, durationTicks, firstFlags: runFirstFlags ?? firstFlags, firstOffsetTicks }
}

/** A run's rows must fit its box, and its samples, of a byte at least, the file. */
function refuseImpossibleCount(fields: BoxFields, flags: number, frames: number, fileBytes: number): void {
  const columns = [TRUN.duration, TRUN.size, TRUN.flags, TRUN.offset].filter(column => flags & column).length
  if (frames * columns * 4 <= fields.remaining && frames <= fileBytes) return
  throw fields.malformed(`${frames} samples are more than it or the file can hold`)
}
