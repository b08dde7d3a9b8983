import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { childEnvironment } from '../config.ts'
import { devEnvError } from '../errors.ts'
import { pictureBytes, sourceHeight, sourceWidth } from './yuv-picture.ts'

/** All pictures of a file at a constant rate, as planar YUV 4:2:0 of 640×480. */
export const decodePictures = async (
  file: string,
  { framesPerSecond, signal }: { readonly framesPerSecond: number; readonly signal?: AbortSignal | undefined },
): Promise<readonly Uint8Array[]> => {
  const output = `-vf fps=${framesPerSecond},scale=${sourceWidth}:${sourceHeight} -f rawvideo -pix_fmt yuv420p pipe:1`
  const child = startFfmpeg([...'-v error -nostdin -threads 1 -i'.split(' '), file, ...output.split(' ')], signal)
  child.stdin.end()
  const ended = endOf(child, `decoding ${file}`)
  ended.catch(() => undefined) // Thrown below, once the output has ended.
  const chunks: Buffer[] = []
  for await (const chunk of child.stdout) chunks.push(chunk as Buffer)
  await ended
  const bytes = Buffer.concat(chunks)
  return Array.from({ length: bytes.length / pictureBytes }, (_, index) =>
    bytes.subarray(index * pictureBytes, (index + 1) * pictureBytes),
  )
}

/** H.264 as cameras send it: no B-frames, a key frame each `keyFrameEvery` pictures and nowhere else. */
export const cameraEncoding = (keyFrameEvery: number): readonly string[] => [
  ...'-an -c:v libx264 -preset ultrafast -crf 27 -bf 0 -sc_threshold 0 -pix_fmt yuv420p -threads 2'.split(' '),
  ...['-g', String(keyFrameEvery), '-video_track_timescale', '90000', '-movflags', '+faststart'],
]

/** Encodes pictures as they come into an MP4 file. */
export const encodePictures = async (
  pictures: Iterable<Uint8ClampedArray>,
  options: {
    readonly file: string
    readonly framesPerSecond: number
    readonly keyFrameEvery: number
    readonly signal?: AbortSignal | undefined
  },
): Promise<void> => {
  const { file, framesPerSecond, keyFrameEvery, signal } = options
  const input = `-f rawvideo -pix_fmt yuv420p -s ${sourceWidth}x${sourceHeight} -r ${framesPerSecond} -i pipe:0`
  const child = startFfmpeg(
    ['-y', '-v', 'error', ...input.split(' '), ...cameraEncoding(keyFrameEvery), '-f', 'mp4', file],
    signal,
  )
  const ended = endOf(child, `encoding ${file}`)
  ended.catch(() => undefined) // Thrown below, after the loop.
  child.stdin.on('error', () => undefined) // An encoder that stops early is reported by its exit.
  for (const picture of pictures) {
    // Copied, because the pipe reads it after the next picture has been developed.
    if (!child.stdin.write(Buffer.from(picture))) await Promise.race([once(child.stdin, 'drain'), ended])
    if (child.exitCode !== null) break
  }
  child.stdin.end()
  await ended
}

const startFfmpeg = (args: readonly string[], signal: AbortSignal | undefined) =>
  spawn('ffmpeg', args, {
    env: childEnvironment(),
    stdio: ['pipe', 'pipe', 'pipe'],
    ...(signal === undefined ? {} : { signal }),
  })

const endOf = async (child: ReturnType<typeof startFfmpeg>, doing: string): Promise<void> => {
  let output = ''
  child.stderr.on('data', data => {
    output = (output + data).slice(-4000)
  })
  const [code, signal] = await once(child, 'close')
  if (code !== 0)
    throw devEnvError('command-failed', { command: `ffmpeg (${doing})`, how: String(signal ?? code), output })
}
