import type { CutSegment } from '../material/cut-segments.ts'
import { ffmpeg } from '../material/ffmpeg.ts'
import { reapedCpuSeconds } from '../measure/process-cpu.ts'

/** What the worker asks of ffmpeg, written to nowhere: frames of the grid, scaled and as RGB. */
const decodeArguments = (path: string, size: number): readonly string[] => [
  ...['-threads', '1', '-skip_loop_filter', 'all', '-i', path],
  ...['-vf', `fps=8:round=up,scale=${size}:${size}:flags=fast_bilinear,format=rgb24`],
  ...['-threads', '1', '-filter_threads', '1', '-f', 'rawvideo', '-y', '/dev/null'],
]

/** CPU-seconds of one ffmpeg a segment, with no other child of this process ending meanwhile. */
export async function bareDecodeSeconds(
  segments: readonly CutSegment[],
  { size, signal }: { readonly size: number; readonly signal: AbortSignal },
): Promise<number> {
  const before = await reapedCpuSeconds()
  for (const { path } of segments) await ffmpeg(decodeArguments(path, size), signal)
  return (await reapedCpuSeconds()) - before
}
