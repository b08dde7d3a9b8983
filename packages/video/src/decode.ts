import type { Readable } from 'node:stream'
import { framesPerStep } from '@takt/domain'
import { decodeArguments, FIRST_OUTPUT_DESCRIPTOR } from './decode-command.ts'
import { videoError } from './errors.ts'
import { type StepRange, stepsOfSegment } from './frame-grid.ts'
import { type Rendition, refuseInvalidRendition } from './rendition.ts'
import { runFfmpeg } from './run-ffmpeg.ts'

export type DecodeOptions = {
  /** Path of an MP4 file. */
  readonly input: string
  /** Session time of the segment's first picture. */
  readonly mediaStartSeconds: number
  readonly durationSeconds: number
  readonly renditions: readonly Rendition[]
  readonly signal: AbortSignal
  readonly timeoutMs?: number
  /** How far decoding stands back for other processes, 0 to 19. */
  readonly niceness?: number
  /** CPU-seconds after which decoding stops as if the file ended there. */
  readonly cpuSeconds?: number
}

/** A segment's pictures on the session's frame grid: frames 2m and 2m + 1 for each of its steps m. */
export type DecodedSegment = StepRange & {
  /** Per rendition id: `[2·stepCount, size, size, 3]` uint8, RGB. */
  readonly frames: ReadonlyMap<string, Uint8Array>
  /** Grid frames that the file's pictures reach, all of them in a whole file; the rest repeat the last one. */
  readonly decodedFrames: number
  /** The decoder's last complaints; none for a sound file. */
  readonly decoderErrors: readonly string[]
}

/**
 * Decodes a segment once, for all its renditions, onto the frame grid.
 *
 * Frame k is the latest picture at or before k/8 s of session time. Throws `range-invalid`, `rendition-invalid`,
 * `decode-nothing` when no picture comes out, `ffmpeg-timeout`, `ffmpeg-unavailable`, or the signal's reason.
 */
export async function decodeSegment(options: DecodeOptions): Promise<DecodedSegment> {
  const { input, mediaStartSeconds, durationSeconds, renditions, signal, timeoutMs = 60_000, niceness = 0 } = options
  const cpuLimit = options.cpuSeconds === undefined ? [] : ['-timelimit', String(options.cpuSeconds)]
  for (const rendition of renditions) refuseInvalidRendition(rendition)
  const range = stepsOfSegment(mediaStartSeconds, durationSeconds)
  const frameCount = range.stepCount * framesPerStep
  const pixels = renditions.map(({ size }) => new Uint8Array(frameCount * size * size * 3))
  const frames = new Map(renditions.map(({ id }, index) => [id, pixels[index]!]))
  if (frameCount === 0 || renditions.length === 0) return { ...range, frames, decodedFrames: 0, decoderErrors: [] }

  let filled: readonly number[] = []
  const { errorLines } = await runFfmpeg({
    args: [...cpuLimit, ...decodeArguments(input, mediaStartSeconds, range, renditions)],
    what: `decode ${input}`,
    outputs: renditions.length,
    timeoutMs,
    niceness,
    signal,
    read: async ({ process }) => {
      filled = await Promise.all(
        pixels.map((into, i) => fill(process.stdio[FIRST_OUTPUT_DESCRIPTOR + i] as Readable, into)),
      )
    },
  })
  const decodedFrames = Math.min(...renditions.map(({ size }, index) => Math.floor(filled[index]! / (size * size * 3))))
  if (decodedFrames === 0) throw videoError('decode-nothing', { input, detail: errorLines.join('; ') })
  for (const [index, { size }] of renditions.entries()) repeatLast(pixels[index]!, size * size * 3, decodedFrames)
  return { ...range, frames, decodedFrames, decoderErrors: errorLines }
}

/** Copies a stream into `into` and returns how many bytes came; the output is bounded by `-frames:v`. */
async function fill(stream: Readable, into: Uint8Array): Promise<number> {
  let at = 0
  for await (const chunk of stream as AsyncIterable<Uint8Array>) {
    into.set(chunk.subarray(0, into.byteLength - at), at)
    at = Math.min(at + chunk.byteLength, into.byteLength)
  }
  return at
}

function repeatLast(pixels: Uint8Array, frameBytes: number, present: number): void {
  const last = pixels.subarray((present - 1) * frameBytes, present * frameBytes)
  for (let at = present * frameBytes; at < pixels.byteLength; at += frameBytes) pixels.set(last, at)
}
