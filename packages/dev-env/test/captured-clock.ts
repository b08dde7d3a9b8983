import { readFile } from 'node:fs/promises'
import { runCommand } from '../src/run-command.ts'

/** A picture, told apart by its coded bytes, and when a file shows it. */
export interface CodedPicture {
  readonly hash: string
  readonly seconds: number
}

/** The pair of a `prft` box: the camera's UTC at a media time. */
export interface ReferenceTime {
  readonly utcMs: number
  readonly mediaTicks: number
}

const withinMs = 30_000

/**
 * Records with the command that ingest uses, in one fragmented file with a `prft` box a fragment.
 * The camera's time reaches them with the first sender report, some seconds in.
 */
export const capture = (url: string, file: string, seconds: number): Promise<string> =>
  runCommand(
    'ffmpeg',
    [
      ...'-nostdin -v error -y -allowed_media_types video -rtsp_transport tcp -timeout 5000000'.split(' '),
      ...['-t', String(seconds), '-i', url, '-map', '0:v:0', '-c', 'copy', '-bsf:v', setts],
      ...'-movflags +frag_keyframe+empty_moov+default_base_moof -write_prft wallclock'.split(' '),
      file,
    ],
    { withinMs: withinMs + seconds * 1000 },
  )

const setts = 'setts=pts=if(eq(PTS\\,NOPTS)\\,0\\,PTS):dts=if(eq(DTS\\,NOPTS)\\,if(eq(PTS\\,NOPTS)\\,0\\,PTS)\\,DTS)'

/** Slices only: parameter sets are repeated on the way and would change the hash. */
export const codedPictures = async (file: string): Promise<readonly CodedPicture[]> => {
  const listing = await runCommand(
    'ffmpeg',
    [
      ...`-nostdin -v error -i ${file} -map 0:v:0 -c copy`.split(' '),
      ...'-bsf:v h264_mp4toannexb,filter_units=pass_types=1-5 -f framehash -hash md5 -'.split(' '),
    ],
    { withinMs },
  )
  const [, numerator, denominator] = /^#tb 0: (\d+)\/(\d+)$/m.exec(listing)!
  return listing
    .split('\n')
    .filter(line => line !== '' && !line.startsWith('#'))
    .map(line => line.split(',').map(field => field.trim()))
    .map(fields => ({ seconds: (Number(fields[2]) * Number(numerator)) / Number(denominator), hash: fields[5]! }))
}

const ntpEpochMs = -2_208_988_800_000

/** Every `prft` box (ISO 14496-12, 8.16.5), in order. */
export const referenceTimes = async (file: string): Promise<readonly ReferenceTime[]> => {
  const bytes = await readFile(file)
  const found: ReferenceTime[] = []
  for (let at = bytes.indexOf('prft'); at >= 0; at = bytes.indexOf('prft', at + 4)) {
    const utcMs = (Number(bytes.readBigUInt64BE(at + 12)) / 2 ** 32) * 1000 + ntpEpochMs
    const mediaTicks = bytes[at + 4] === 0 ? bytes.readUInt32BE(at + 20) : Number(bytes.readBigUInt64BE(at + 20))
    found.push({ utcMs, mediaTicks })
  }
  return found
}
