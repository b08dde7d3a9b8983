import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

export type FixtureOptions = {
  readonly output: string
  readonly seconds: number
  /** A frame rate such as 25 or '179/6'. */
  readonly rate?: number | string
  readonly size?: string
  /** A lavfi source without its `s`, `r` and `d`. */
  readonly source?: string
  /** A filter laid over the source. */
  readonly filter?: string
  readonly encoder?: readonly string[]
  readonly muxer?: readonly string[]
}

const H264_NO_B_FRAMES = ['-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '0', '-g', '25', '-pix_fmt', 'yuv420p']

/** The muxer options of capture's segments. */
export const FRAGMENTED = ['-movflags', '+frag_keyframe+empty_moov+default_base_moof', '-write_prft', 'wallclock']

/** Encodes a small test video with lavfi. */
export async function encodeFixture(options: FixtureOptions): Promise<void> {
  const { output, seconds, rate = 25, size = '160x120', source = 'testsrc2', filter = 'null' } = options
  const { encoder = H264_NO_B_FRAMES, muxer = [] } = options
  const input = `${source}${source.includes('=') ? ':' : '='}s=${size}:r=${rate}:d=${seconds}`
  const args = ['-nostdin', '-v', 'error', '-y', '-threads', '1', '-f', 'lavfi', '-i', input, '-vf', filter]
  await run('ffmpeg', [...args, ...encoder, ...muxer, output])
}
