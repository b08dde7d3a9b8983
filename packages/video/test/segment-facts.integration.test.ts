import { readFile, writeFile } from 'node:fs/promises'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { walkBoxes } from '../src/boxes.ts'
import { VideoError } from '../src/errors.ts'
import { parseSegment, readSegment } from '../src/segment-facts.ts'
import { encodeFixture, FRAGMENTED } from './encode-fixture.ts'
import { type TemporaryDirectory, temporaryDirectory } from './temporary-directory.ts'

let directory: TemporaryDirectory
let segment: Uint8Array
const path = () => directory.file('segment.mp4')

beforeAll(async () => {
  directory = await temporaryDirectory()
  await encodeFixture({
    output: path(),
    seconds: 3,
    size: '96x64',
    muxer: [...FRAGMENTED, '-video_track_timescale', '90000'],
  })
  segment = await readFile(path())
})
afterAll(() => directory[Symbol.asyncDispose]())

describe('readSegment', () => {
  test('reads codec, size, time and fragments of a file that ffmpeg wrote', async () => {
    const facts = await readSegment(path())
    expect(facts).toMatchObject({
      codec: 'h264',
      width: 96,
      height: 64,
      timescale: 90_000,
      frames: 75,
      keyframeFirst: true,
    })
    expect(facts.durationTicks).toBe(3 * 90_000)
    expect(facts.fragments.map(fragment => fragment.baseDecodeTicks)).toEqual([0, 90_000, 180_000])
    expect(
      facts.fragments.every(fragment => fragment.prft && fragment.prft.ticks === BigInt(fragment.firstPictureTicks)),
    ).toBe(true)
  })

  test('tells H.265 by its sample entry', async () => {
    const output = directory.file('h265.mp4')
    const encoder = ['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'log-level=none', '-pix_fmt', 'yuv420p']
    await encodeFixture({ output, seconds: 1, encoder, muxer: FRAGMENTED })
    expect(await readSegment(output)).toMatchObject({ codec: 'h265', frames: 25 })
  })

  test('says where a fragment’s first picture is shown when B-frames delay it', async () => {
    const output = directory.file('b-frames.mp4')
    const encoder = ['-c:v', 'libx264', '-preset', 'veryfast', '-bf', '2', '-g', '25', '-pix_fmt', 'yuv420p']
    await encodeFixture({ output, seconds: 2, encoder, muxer: FRAGMENTED })
    const { fragments, timescale } = await readSegment(output)
    expect(fragments[0]!.firstPictureTicks).toBeGreaterThan(fragments[0]!.baseDecodeTicks)
    expect((fragments[1]!.firstPictureTicks - fragments[0]!.firstPictureTicks) / timescale).toBeCloseTo(1, 6)
  })

  test('names the fault of a file without fragments, of sound, and of an ordinary MP4', async () => {
    const sound = directory.file('sound.mp4')
    const plain = directory.file('plain.mp4')
    await encodeFixture({ output: plain, seconds: 1 })
    await writeFile(sound, await soundOnly())
    await expect(readSegment(plain)).rejects.toMatchObject({ code: 'segment-without-fragments' })
    await expect(readSegment(sound)).rejects.toMatchObject({ code: 'segment-not-video' })
    await expect(readSegment(segment.subarray(0, 28))).rejects.toMatchObject({ code: 'segment-without-fragments' })
  })

  test('lets the file system’s own errors through', async () => {
    await expect(readSegment(directory.file('absent.mp4'))).rejects.toMatchObject({ code: 'ENOENT' })
  })

  test('reads bytes that lie inside a larger buffer', async () => {
    const larger = new Uint8Array(segment.length + 200).fill(0xff)
    larger.set(segment, 100)
    expect(await readSegment(larger.subarray(100, 100 + segment.length))).toEqual(await readSegment(segment))
  })
})

describe('a damaged segment', () => {
  /** Parses in a view whose neighbours would show a read past its end, and lets only named errors through. */
  const parseOrName = (bytes: Uint8Array) => {
    try {
      return parseSegment(bytes, 'the damaged segment')
    } catch (error) {
      if (error instanceof VideoError && error.code.startsWith('segment-')) return error
      throw error
    }
  }

  test('cut at any byte that is not between two boxes is truncated, and named so', () => {
    const ends = new Set([...walkBoxes(segment, 0, segment.length)].map(box => box.end))
    fc.assert(
      fc.property(fc.integer({ min: 8, max: segment.length - 1 }), length => {
        fc.pre(!ends.has(length))
        expect(parseOrName(segment.subarray(0, length))).toMatchObject({ code: 'segment-truncated' })
      }),
    )
  })

  test('with any bytes flipped is read or named, and never claims more frames than bytes', () => {
    const lastHeader = [...walkBoxes(segment, 0, segment.length)].filter(box => box.type === 'moof').at(-1)!.end
    // Half of the flips lie in headers, where they matter.
    const flip = fc.tuple(fc.oneof(fc.nat(1_500), fc.nat(lastHeader - 1)), fc.integer({ min: 1, max: 255 }))
    fc.assert(
      fc.property(fc.array(flip, { minLength: 1, maxLength: 8 }), fc.nat(segment.length), (flips, dropped) => {
        const bytes = segment.slice(0, segment.length - (dropped % 3 === 0 ? dropped : 0))
        for (const [at, mask] of flips) if (at < bytes.length) bytes[at]! ^= mask
        const result = parseOrName(bytes)
        if (!(result instanceof VideoError)) {
          expect(result.frames).toBeLessThanOrEqual(bytes.length)
          expect(Number.isSafeInteger(result.durationTicks)).toBe(true)
        }
      }),
      { numRuns: 3_000 },
    )
  })
})

/** A fragmented MP4 that holds a tone alone. */
async function soundOnly(): Promise<Uint8Array> {
  const output = directory.file('tone.mp4')
  const { execFile } = await import('node:child_process')
  const { promisify } = await import('node:util')
  const args = ['-nostdin', '-v', 'error', '-y', '-f', 'lavfi', '-i', 'sine=d=1', '-c:a', 'aac', ...FRAGMENTED, output]
  await promisify(execFile)('ffmpeg', args)
  return readFile(output)
}
