import type { CutSegment } from '../material/cut-segments.ts'
import { ffmpeg } from '../material/ffmpeg.ts'
import { reapedCpuSeconds } from '../measure/process-cpu.ts'

/** What the worker asks of ffmpeg, written to nowhere: frames of the grid, scaled and as RGB. */
const decodeArguments = (path: string, size: number): readonly string[] => [
  ...['-threads', '1', '-skip_loop_filter', 'all', '-i', path],
  ...['-vf', `fps=8:round=up,scale=${size}:${size}:flags=fast_bilinear,format=rgb24`],
  ...['-threads', '1', '-filter_threads', '1', '-f', 'rawvideo', '-y', '/dev/null'],
]

/** As many as the worker decodes side by side: cores that share caches cost each other CPU. */
const atATime = 2

/** CPU-seconds of one ffmpeg a segment, with no other child of this process ending meanwhile. */
export async function bareDecodeSeconds(
  segments: readonly CutSegment[],
  { size, signal }: { readonly size: number; readonly signal: AbortSignal },
): Promise<number> {
  const left = segments.values()
  const decode = async () => {
    for (const { path } of left) await ffmpeg(decodeArguments(path, size), signal)
  }
  const before = await reapedCpuSeconds()
  await Promise.all(Array.from({ length: atATime }, decode))
  return (await reapedCpuSeconds()) - before
}
