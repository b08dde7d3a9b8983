import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { walkBoxes } from '../src/boxes.ts'
import { type JoinOptions, joinSegments } from '../src/join.ts'
import { cutVideo } from './cut-video.ts'
import { encodeFixture } from './encode-fixture.ts'
import { type TemporaryDirectory, temporaryDirectory } from './temporary-directory.ts'

const run = promisify(execFile)
const FRAME = 1 / 25

/** Every packet of the video: presentation times in order, and whether a decoder takes all of it. */
async function packetsOf(path: string): Promise<{ readonly times: readonly number[]; readonly firstIsKey: boolean }> {
  const { stdout } = await run('ffprobe', [
    '-v',
    'error',
    '-show_entries',
    'packet=pts_time,flags',
    '-of',
    'json',
    path,
  ])
  const { packets } = JSON.parse(stdout) as { packets: { pts_time: string; flags: string }[] }
  return {
    times: packets.map(packet => Number(packet.pts_time)).sort((a, b) => a - b),
    firstIsKey: packets[0]?.flags.startsWith('K') ?? false,
  }
}

describe.each([
  { name: 'without B-frames', encoder: ['-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '0'] },
  { name: 'with B-frames', encoder: ['-c:v', 'libx264', '-preset', 'veryfast', '-bf', '2'] },
])('a range of a session $name', ({ encoder }) => {
  let directory: TemporaryDirectory
  let segments: JoinOptions['segments']
  const join = (options: Partial<JoinOptions>) =>
    joinSegments({
      segments,
      fromSeconds: 1,
      toSeconds: 9,
      output: directory.file("it's joined.mp4"),
      signal: new AbortController().signal,
      ...options,
    })

  beforeAll(async () => {
    directory = await temporaryDirectory()
    const input = directory.file('whole.mp4')
    // A key frame each second, in segments of four.
    await encodeFixture({ output: input, seconds: 10, encoder: [...encoder, '-g', '25', '-pix_fmt', 'yuv420p'] })
    const cuts = await cutVideo(input, directory.path, [100, 200])
    segments = cuts.map(({ path, startSeconds }) => ({ path, mediaStartSeconds: startSeconds }))
    expect(segments.map(segment => segment.mediaStartSeconds)).toEqual([0, 4, 8])
  })
  afterAll(() => directory[Symbol.asyncDispose]())

  test('starts at the key frame at or before its start and ends at its end', async () => {
    const joined = await join({ fromSeconds: 2.6, toSeconds: 8.5 })
    const { times, firstIsKey } = await packetsOf(joined.path)
    expect(firstIsKey).toBe(true)
    expect(joined.offsetSeconds).toBeCloseTo(0.6, 5)
    expect(joined.durationSeconds).toBeCloseTo(6.5, 5)
    expect(times[0]).toBe(0)
    // B-frames are stored after the picture they precede: the cut lets a few frames past the end through.
    expect(Math.abs(times.at(-1)! + FRAME - joined.durationSeconds)).toBeLessThanOrEqual(6 * FRAME)
    for (const [index, time] of times.slice(1, -3).entries()) expect(time - times[index]!).toBeCloseTo(FRAME, 3)
  })

  test('that starts exactly at a key frame starts with it', async () => {
    const joined = await join({ fromSeconds: 3, toSeconds: 7 })
    expect(joined.offsetSeconds).toBe(0)
    expect(joined.durationSeconds).toBeCloseTo(4, 5)
  })

  test('keeps a gap where a segment is missing', async () => {
    const joined = await join({ segments: [segments[0]!, segments[2]!], fromSeconds: 3, toSeconds: 9 })
    const { times } = await packetsOf(joined.path)
    const gaps = times.slice(1).map((time, index) => time - times[index]!)
    expect(Math.max(...gaps)).toBeCloseTo(4 + FRAME, 1)
  })

  test('is a plain MP4 with its index first, as browsers want it', async () => {
    const { path } = await join({})
    const bytes = await readFile(path)
    const types = [...walkBoxes(bytes, 0, bytes.byteLength)].map(box => box.type)
    expect(types).not.toContain('moof')
    expect(types.indexOf('moov')).toBeLessThan(types.indexOf('mdat'))
  })

  test('decodes without a complaint', async () => {
    const { path } = await join({ fromSeconds: 3.5, toSeconds: 8.5 })
    const { stderr } = await run('ffmpeg', ['-nostdin', '-v', 'error', '-i', path, '-f', 'null', '-'])
    expect(stderr).toBe('')
  })

  test.each([
    { fromSeconds: 20, toSeconds: 30 },
    { fromSeconds: 5, toSeconds: 5 },
    { fromSeconds: Number.NaN, toSeconds: 5 },
  ])('that holds no video is refused: %o', async range => {
    await expect(join(range)).rejects.toMatchObject({ code: 'range-invalid' })
  })

  test('is refused with its cause when the output cannot be written', async () => {
    await expect(join({ output: directory.file('absent/out.mp4') })).rejects.toMatchObject({ code: 'join-failed' })
  })
})
