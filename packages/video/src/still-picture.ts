import type { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { storedInput } from './decode-command.ts'
import { videoError } from './errors.ts'
import { runFfmpeg } from './run-ffmpeg.ts'

export type StillOptions = {
  readonly input: string
  /** Seconds into the file. */
  readonly atSeconds: number
  /** Pixels; the height follows the picture's shape. */
  readonly width: number
  readonly signal: AbortSignal
  readonly timeoutMs?: number
}

const JPEG_DESCRIPTOR = 3
const LARGEST_WIDTH = 4096

/**
 * One picture of a stored video as JPEG, for people to draw crops and masks on.
 *
 * Throws `still-missing` where nothing is shown at that time, `rendition-invalid` for an impossible width,
 * `ffmpeg-timeout`, or the signal's reason.
 */
export async function stillPicture(options: StillOptions): Promise<Uint8Array> {
  const { input, atSeconds, width, signal, timeoutMs = 15_000 } = options
  const missing = (detail: string) => videoError('still-missing', { input, atSeconds, detail })
  if (!(Number.isFinite(atSeconds) && atSeconds >= 0)) throw missing('it is no time in a file')
  if (!(Number.isInteger(width) && width > 0 && width <= LARGEST_WIDTH)) {
    throw videoError('rendition-invalid', { id: 'still', reason: `its width ${width} is not in 1..${LARGEST_WIDTH}` })
  }
  let jpeg: Uint8Array = new Uint8Array()
  const { errorLines } = await runFfmpeg({
    args: [
      ...['-nostdin', '-v', 'error', '-threads', '1', '-ss', atSeconds.toFixed(6), ...storedInput(input)],
      ...['-map', '0:v:0', '-frames:v', '1', '-vf', `scale=${width}:-2`, '-threads', '1'],
      ...['-q:v', '4', '-f', 'mjpeg', `pipe:${JPEG_DESCRIPTOR}`],
    ],
    what: `show ${input}`,
    outputs: 1,
    timeoutMs,
    signal,
    read: async ({ process }) => {
      jpeg = await buffer(process.stdio[JPEG_DESCRIPTOR] as Readable)
    },
  })
  if (jpeg.byteLength === 0) throw missing(errorLines.join('; ') || 'it lies past the last picture')
  return jpeg
}
