import { rename, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { materialDirectory } from '@takt/dev-env'
import { ffmpeg } from './ffmpeg.ts'

/** The rate of a usual plant camera: 27 MB a minute. */
const bitrate = '3600k'

/** H.264 at 25 frames/s as cameras send it: a key frame a second and no B-frames. */
const asCamera = [
  ...['-c:v', 'libx264', '-preset', 'veryfast', '-profile:v', 'main', '-bf', '0', '-g', '25', '-sc_threshold', '0'],
  ...['-b:v', bitrate, '-maxrate', bitrate, '-bufsize', '7200k', '-pix_fmt', 'yuv420p', '-threads', '2'],
]

/** The bench recording as a 1080p25 camera would send it, played over and over for so long; rendered once and kept. */
export async function cameraVideo({
  seconds,
  materialDir,
  signal,
}: {
  readonly seconds: number
  readonly materialDir: string
  readonly signal: AbortSignal
}): Promise<string> {
  const file = join(materialDir, `bench-1080p25-${seconds}s.mp4`)
  if (await stat(file).catch(() => undefined)) return file
  const unfinished = `${file}.unfinished`
  const source = ['-stream_loop', '-1', '-i', join(materialDirectory, 'bottle-detection.mp4')]
  const picture = ['-an', '-t', String(seconds), '-vf', 'scale=1920:1080:flags=bicubic,fps=25']
  await ffmpeg(['-y', ...source, ...picture, ...asCamera, '-f', 'mp4', unfinished], signal)
  await rename(unfinished, file)
  return file
}
