import type { Readable } from 'node:stream'
import { frameRateHz, framesPerStep } from '@takt/domain'
import { videoError } from './errors.ts'
import { type Rendition, refuseInvalidRendition, renditionFilter } from './rendition.ts'
import { runFfmpeg } from './run-ffmpeg.ts'

export type RecordingOptions = {
  /** Path of a video file in any of the usual containers. */
  readonly input: string
  readonly rendition: Rendition
  /** Time steps handed over at a time: what is held of the recording. */
  readonly stepsPerChunk: number
  /** Takes `[2·steps, size, size, 3]` uint8, RGB; ffmpeg waits for it. The last chunk may be shorter. */
  readonly take: (frames: Uint8Array) => Promise<void>
  readonly signal: AbortSignal
  readonly timeoutMs?: number
}

export type DecodedRecording = {
  readonly stepCount: number
  /** The decoder's last complaints; none for a sound file. */
  readonly decoderErrors: readonly string[]
}

/** Containers that people export video in; playlists, which could name other files or hosts, are none. */
const CONTAINERS = 'mov,matroska,webm,avi,mpegts,mpeg,h264,hevc'
const FIRST_OUTPUT = 3

/**
 * Decodes a recording of any length onto the frame grid, whose time counts from its first picture, chunk by chunk.
 * Throws `decode-nothing` when no picture comes out, `ffmpeg-timeout`, `ffmpeg-unavailable`, or the signal's reason.
 */
export async function decodeRecording(options: RecordingOptions): Promise<DecodedRecording> {
  const { input, rendition, stepsPerChunk, take, signal, timeoutMs = 3_600_000 } = options
  refuseInvalidRendition(rendition)
  const stepBytes = framesPerStep * rendition.size ** 2 * 3
  let taken = 0
  const { errorLines } = await runFfmpeg({
    args: recordingArguments(input, rendition),
    what: `decode ${input}`,
    outputs: 1,
    timeoutMs,
    signal,
    read: async ({ process }) => {
      for await (const chunk of chunksOf(process.stdio[FIRST_OUTPUT] as Readable, stepsPerChunk * stepBytes)) {
        const steps = Math.floor(chunk.byteLength / stepBytes)
        if (steps > 0) await take(chunk.subarray(0, steps * stepBytes))
        taken += steps
      }
    },
  })
  if (taken === 0) throw videoError('decode-nothing', { input, detail: errorLines.join('; ') })
  return { stepCount: taken, decoderErrors: errorLines }
}

/** Frame k is the latest picture at or before k/8 s. */
function recordingArguments(input: string, rendition: Rendition): readonly string[] {
  const grid = `setpts=PTS-STARTPTS,fps=${frameRateHz}:round=up:start_time=0`
  return [
    ...['-nostdin', '-v', 'error', '-threads', '1', '-protocol_whitelist', 'file', '-format_whitelist', CONTAINERS],
    ...['-i', `file:${input}`, '-map', '0:v:0', '-vf', `${grid},${renditionFilter(rendition)}`],
    ...['-fps_mode', 'passthrough', '-threads', '1', '-f', 'rawvideo', `pipe:${FIRST_OUTPUT}`],
  ]
}

/** A stream in pieces of one size, the last one what is left. */
async function* chunksOf(stream: Readable, size: number): AsyncGenerator<Uint8Array, void, undefined> {
  let chunk = new Uint8Array(size)
  let filled = 0
  for await (const part of stream as AsyncIterable<Uint8Array>) {
    for (let at = 0; at < part.byteLength; ) {
      const piece = part.subarray(at, at + size - filled)
      chunk.set(piece, filled)
      filled += piece.byteLength
      at += piece.byteLength
      if (filled < size) continue
      yield chunk
      chunk = new Uint8Array(size)
      filled = 0
    }
  }
  if (filled > 0) yield chunk.subarray(0, filled)
}
