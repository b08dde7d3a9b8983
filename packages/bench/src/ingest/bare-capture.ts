import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'

/** An ffmpeg that records one camera and does nothing else. */
export interface BareCapture extends AsyncDisposable {
  readonly pid: number
}

const timestamps =
  'setts=pts=if(eq(PTS\\,NOPTS)\\,0\\,PTS):dts=if(eq(DTS\\,NOPTS)\\,if(eq(PTS\\,NOPTS)\\,0\\,PTS)\\,DTS)'
const fragmented = 'movflags=+frag_keyframe+empty_moov+default_base_moof:write_prft=wallclock'

/** The bare command: RTSP to 4 s segments of fragmented MP4, copied and listed. */
export const bareCaptureArguments = (url: string): readonly string[] => [
  ...['-nostdin', '-v', 'error', '-rtsp_transport', 'tcp', '-timeout', '5000000', '-i', url],
  ...['-map', '0:v:0', '-c', 'copy', '-bsf:v', timestamps],
  ...['-f', 'segment', '-segment_time', '4', '-segment_format', 'mp4', '-segment_format_options', fragmented],
  ...['-segment_list', 'pipe:1', '-segment_list_type', 'csv', 'out_%05d.mp4'],
]

export async function startBareCapture(url: string, stateDir: string): Promise<BareCapture> {
  const directory = join(stateDir, 'bare', new URL(url).pathname)
  await mkdir(directory, { recursive: true })
  const child = spawn('ffmpeg', bareCaptureArguments(url), { cwd: directory, stdio: ['ignore', 'pipe', 'inherit'] })
  await once(child, 'spawn')
  child.stdout.resume() // An unread list would stop it.
  const exited = once(child, 'exit')
  return {
    pid: child.pid!,
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGINT')
      await exited
    },
  }
}
