import { frameRateHz, framesPerStep } from '@takt/domain'
import type { StepRange } from './frame-grid.ts'
import { type Rendition, renditionFilter } from './rendition.ts'

/** File descriptors 0 to 2 are the standard ones; rendition i is written to descriptor 3 + i. */
export const FIRST_OUTPUT_DESCRIPTOR = 3

/** The last step's second frame may lie past the end, by less than a step: the last picture is held for that long. */
const HOLD_LAST_PICTURE = `tpad=stop_mode=clone:stop_duration=${framesPerStep / frameRateHz}`

/** Opens a stored file as MP4 and nothing else: a playlist in its place could name other files or hosts. */
export const storedInput = (path: string): readonly string[] => [
  ...['-protocol_whitelist', 'file', '-codec_whitelist', 'h264,hevc'],
  ...['-f', 'mp4', '-i', `file:${path}`],
]

/**
 * ffmpeg's arguments to decode `path` once and write every rendition's frames, rgb24, to a pipe of its own.
 *
 * The demuxer counts a file's time from its first picture; adding the segment's start makes it the session's. The
 * `fps` filter, rounding up, then gives at k/8 s the latest picture not after it, from the first step's first frame.
 */
export function decodeArguments(
  path: string,
  mediaStartSeconds: number,
  { firstStep, stepCount }: StepRange,
  renditions: readonly Rendition[],
): readonly string[] {
  const start = mediaStartSeconds.toFixed(6)
  const grid = `fps=${frameRateHz}:round=up:start_time=${(firstStep * framesPerStep) / frameRateHz}`
  const inputs = renditions.map((_, index) => `[in${index}]`)
  const graph = [
    `[0:v:0]setpts=PTS+${start}/TB,${HOLD_LAST_PICTURE},${grid},split=${renditions.length}${inputs.join('')}`,
    ...renditions.map((rendition, index) => `${inputs[index]}${renditionFilter(rendition)}[out${index}]`),
  ].join(';')
  const outputs = renditions.flatMap((_, index) => [
    ...['-map', `[out${index}]`, '-fps_mode', 'passthrough', '-frames:v', String(stepCount * framesPerStep)],
    ...['-threads', '1', '-f', 'rawvideo', `pipe:${FIRST_OUTPUT_DESCRIPTOR + index}`],
  ])
  return [
    // Without the loop filter decoding costs a fifth less; scaled to 128 px the pictures differ by 42 dB PSNR.
    ...['-nostdin', '-v', 'error', '-threads', '1', '-skip_loop_filter', 'all'],
    ...storedInput(path),
    ...['-filter_complex_threads', '1', '-filter_complex', graph],
    ...outputs,
  ]
}
