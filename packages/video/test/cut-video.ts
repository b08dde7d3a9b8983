import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { SESSION_TIMESTAMPS } from '../src/capture-command.ts'
import { parseClosedSegmentLine } from '../src/closed-segment-line.ts'

const run = promisify(execFile)

export type Cut = { readonly path: string; readonly startSeconds: number; readonly endSeconds: number }

/** Cuts a video before its key frames of the given numbers, with the times that capture gives its segments. */
export async function cutVideo(
  input: string,
  directory: string,
  cutFrames: readonly number[],
): Promise<readonly Cut[]> {
  const { stdout } = await run('ffmpeg', [
    ...['-nostdin', '-v', 'error', '-i', input, '-map', '0:v:0', '-c', 'copy'],
    ...['-bsf:v', SESSION_TIMESTAMPS, '-avoid_negative_ts', 'disabled'],
    ...['-f', 'segment', '-segment_frames', cutFrames.join(','), '-segment_format', 'mp4'],
    ...['-segment_format_options', 'movflags=+frag_keyframe+empty_moov+default_base_moof:video_track_timescale=90000'],
    ...['-segment_list', 'pipe:1', '-segment_list_type', 'csv', join(directory, 'cut-%03d.mp4')],
  ])
  return stdout
    .trim()
    .split('\n')
    .map(text => {
      const line = parseClosedSegmentLine(text)
      if (!line) throw new Error(`not a line of the segment list: ${text}`)
      return { path: join(directory, line.name), startSeconds: line.startSeconds, endSeconds: line.endSeconds }
    })
}
