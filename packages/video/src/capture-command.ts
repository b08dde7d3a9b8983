import type { CameraUrl } from './camera-url.ts'

export type Transport = 'tcp' | 'udp'

/**
 * The ffconcat list that names the camera. It goes to ffmpeg's stdin, because arguments are visible to every process
 * of the host. Video only: with audio set up as well, ffmpeg shifts time stamps to align the two.
 */
export function cameraList(url: CameraUrl, transport: Transport, timeoutMs: number): string {
  return [
    'ffconcat version 1.0',
    `file '${url.href}'`,
    `option rtsp_transport ${transport}`,
    `option timeout ${Math.round(timeoutMs * 1000)}`, // microseconds
    'option allowed_media_types video',
    '',
  ].join('\n')
}

/** ffmpeg's arguments to copy the listed camera into `<prefix>%05d.mp4` of its working directory. */
export function captureArguments(prefix: string, segmentSeconds: number): readonly string[] {
  return [
    ...['-nostdin', '-v', 'error'],
    ...['-f', 'concat', '-safe', '0', '-protocol_whitelist', 'pipe,fd,file,rtsp,rtsps,tcp,tls,udp,rtp,crypto'],
    ...['-i', 'pipe:0', '-map', '0:v:0', '-c', 'copy', '-bsf:v', SESSION_TIMESTAMPS],
    // Shifting for negative decode times would move pictures away from the starts that the list announces.
    ...['-avoid_negative_ts', 'disabled'],
    ...['-f', 'segment', '-segment_time', String(segmentSeconds), '-segment_format', 'mp4'],
    ...['-segment_format_options', FRAGMENTED_MP4, '-segment_list', 'pipe:1', '-segment_list_type', 'csv'],
    `${prefix}%05d.mp4`,
  ]
}

const FRAGMENTED_MP4 =
  'movflags=+frag_keyframe+empty_moov+default_base_moof:write_prft=wallclock:video_track_timescale=90000'

/** The first packet of a session may have no time: it is one frame before the second. */
const PTS = where('PTS', where('NEXT_PTS', 'if(eq(N,0),0,PREV_OUTPTS+ld(0)+DURATION)', 'NEXT_PTS-DURATION'), 'PTS')
const DTS = where('DTS', PTS, 'DTS')
/** The session's first picture, kept in register 0; subtracting it makes that picture 0 s, as the list says it is. */
const SESSION_START = `st(0,if(eq(N,0),${PTS},ld(0)))`
/** A packet lasts until the next, so that a segment's announced end is exactly the next one's start. */
const DURATION = where('NEXT_DTS', 'DURATION', `NEXT_DTS-(${DTS})`)

/** The bitstream filter that gives packets the session's media time, whose 0 is the first picture. */
export const SESSION_TIMESTAMPS = `setts=${[
  `pts=${PTS}-${SESSION_START}`,
  `dts=${DTS}-${SESSION_START}`,
  `duration=${DURATION}`,
]
  .join(':')
  .replaceAll(',', '\\,')}`

/** An ffmpeg expression: `missing` where the variable has no time stamp, otherwise `present`. */
function where(variable: string, missing: string, present: string): string {
  return `if(eq(${variable},NOPTS),${missing},${present})`
}
