import { open } from 'node:fs/promises'
import { type Box, walkBoxes } from './boxes.ts'
import { VideoError, videoError } from './errors.ts'
import { readWithoutMedia } from './read-without-media.ts'
import { type ProducerTime, readFragment, readProducerTime } from './segment-fragment.ts'
import { readVideoTrack, type VideoCodec, type VideoTrack } from './segment-track.ts'

/** What a closed segment says of itself; ticks are in units of 1/`timescale` s and start anew in each file. */
export type SegmentFacts = {
  readonly codec: VideoCodec
  readonly width: number
  readonly height: number
  readonly timescale: number
  /** The sum of all sample durations. */
  readonly durationTicks: number
  readonly frames: number
  readonly keyframeFirst: boolean
  readonly fragments: readonly FragmentFacts[]
}

/** One movie fragment, from a key frame to the next. */
export type FragmentFacts = {
  readonly baseDecodeTicks: number
  /** Presentation time of the fragment's first picture; session time = segment's start + (this − fragment 0's). */
  readonly firstPictureTicks: number
  readonly prft?: ProducerTime
}

/** Far above any 4 s segment (1080p25 at 4 Mbit/s holds 2 MB): what is larger is no segment of ours. */
const MAX_SEGMENT_BYTES = 256 * 1024 * 1024

/**
 * Reads the facts of one fragmented MP4 file, given as bytes or as a path.
 *
 * Throws a `VideoError` of one of the `segment-*` codes for every file that is not a whole fragmented MP4 with video;
 * file system errors pass through.
 */
export async function readSegment(source: Uint8Array | string): Promise<SegmentFacts> {
  if (typeof source !== 'string') return parseSegment(source, 'the segment')
  await using file = await open(source)
  const { size } = await file.stat()
  if (size > MAX_SEGMENT_BYTES) throw videoError('segment-too-large', { source, bytes: size, limit: MAX_SEGMENT_BYTES })
  try {
    return parseSegment(await readWithoutMedia(file, size), source)
  } catch (error) {
    if (!(error instanceof VideoError)) throw error
    return parseSegment(await file.readFile(), source) // It names the fault's place in the file itself.
  }
}

/** The pure part of `readSegment`; `source` names the bytes in errors. */
export function parseSegment(bytes: Uint8Array, source: string): SegmentFacts {
  if (bytes.byteLength === 0) throw videoError('segment-empty', { source })
  if (!startsWithFileType(bytes)) throw videoError('segment-not-mp4', { source })
  const boxes = [...walkBoxes(bytes, 0, bytes.byteLength)]
  const fragmentCount = boxes.filter(box => box.type === 'moof').length
  if (fragmentCount === 0) throw videoError('segment-without-fragments', { source })
  const moov = boxes.find(box => box.type === 'moov')
  const track = moov && readVideoTrack(bytes, moov)
  if (!track) throw videoError('segment-not-video', { source })
  return sumFragments(bytes, boxes, track, source)
}

function sumFragments(bytes: Uint8Array, boxes: readonly Box[], track: VideoTrack, source: string): SegmentFacts {
  const fragments: FragmentFacts[] = []
  let frames = 0
  let durationTicks = 0
  let keyframeFirst = false
  let prft: ProducerTime | undefined
  for (const box of boxes) {
    if (box.type === 'prft') prft = readProducerTime(bytes, box)
    if (box.type !== 'moof') continue
    const runs = readFragment(bytes, box, track)
    if (!runs) continue
    const { baseDecodeTicks, firstPictureTicks } = runs
    if (fragments.length === 0) keyframeFirst = runs.keyframeFirst
    fragments.push({ baseDecodeTicks, firstPictureTicks, ...(prft && { prft }) })
    frames += runs.frames
    durationTicks += runs.durationTicks
    prft = undefined // it stamps the one fragment that follows it
  }
  if (fragments.length === 0) throw videoError('segment-not-video', { source })
  if (!Number.isSafeInteger(durationTicks)) {
    throw videoError('segment-malformed', { box: 'moof', at: 0, reason: `lasts ${durationTicks} ticks` })
  }
  const { codec, width, height, timescale } = track
  return { codec, width, height, timescale, durationTicks, frames, keyframeFirst, fragments }
}

function startsWithFileType(bytes: Uint8Array): boolean {
  return bytes.byteLength >= 8 && String.fromCharCode(...bytes.subarray(4, 8)) === 'ftyp'
}
