import { mkdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { ffmpeg } from './ffmpeg.ts'

/** A file as ingest would store it, and its place in the session's media time. */
export interface CutSegment {
  readonly path: string
  readonly startSeconds: number
  readonly durationSeconds: number
  readonly bytes: number
}

export const timescale = 90_000

const fragmented = `movflags=+frag_keyframe+empty_moov+default_base_moof:video_track_timescale=${timescale}`

/** Cuts a video into fragmented MP4 of `seconds` each, as ingest's capture does. */
export async function cutSegments(
  video: string,
  {
    directory,
    seconds,
    signal,
  }: { readonly directory: string; readonly seconds: number; readonly signal: AbortSignal },
): Promise<readonly CutSegment[]> {
  await mkdir(directory, { recursive: true })
  const segmenting = ['-f', 'segment', '-segment_time', String(seconds), '-segment_format', 'mp4']
  const list = ['-segment_format_options', fragmented, '-segment_list', 'pipe:1', '-segment_list_type', 'csv']
  const names = join(directory, '%05d.mp4')
  const lines = await ffmpeg(['-i', video, '-map', '0:v:0', '-c', 'copy', ...segmenting, ...list, names], signal)
  return Promise.all(
    parseSegmentList(lines).map(async ({ name, ...times }) => {
      const path = join(directory, name)
      return { path, ...times, bytes: (await stat(path)).size }
    }),
  )
}

/** Reads ffmpeg's list of `name,start,end` in seconds. */
export const parseSegmentList = (lines: string) =>
  lines
    .trim()
    .split('\n')
    .map(line => {
      const [name, start, end] = line.split(',') as [string, string, string]
      return { name, startSeconds: Number(start), durationSeconds: Number(end) - Number(start) }
    })
