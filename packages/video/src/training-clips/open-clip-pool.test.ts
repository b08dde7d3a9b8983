import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { FRAMES_PER_CLIP } from '../clips.ts'
import { videoError } from '../errors.ts'
import type { ClipPool } from './clip-pool.ts'
import { clipPoolOver } from './open-clip-pool.ts'
import type { TrainingSegment } from './training-segment.ts'

const SIZE = 1
const FRAMES = 32

const segmentsOf = (count: number): readonly TrainingSegment[] =>
  Array.from({ length: count }, (_, i) => ({ id: String(i), mediaStartSeconds: 4 * i, durationSeconds: 4, view: {} }))

/** Frame f of segment n is a pixel (n, f, 0). */
const framesOf = ({ id }: TrainingSegment) =>
  Uint8Array.from({ length: FRAMES * 3 }, (_, byte) => [Number(id), Math.floor(byte / 3), 0][byte % 3]!)

type Options = Parameters<typeof clipPoolOver>[0]
type Read = Parameters<typeof clipPoolOver>[1]

const options: Options = {
  segments: segmentsOf(40),
  ...{ seed: 1, size: SIZE, batch: 4, stepsPerCall: 2, clipsPerDecode: 8 },
  ...{ limitBytes: 20 * FRAMES * 3, fromCall: 0, decoders: 3 },
  onLeftOut: () => {},
  signal: new AbortController().signal,
}

const read: Read = async segment => framesOf(segment)

async function take(pool: ClipPool, count: number) {
  const calls = []
  for (let i = 0; i < count; i++) calls.push((await pool[Symbol.asyncIterator]().next()).value!)
  return calls
}

async function takeFrom(count: number, given: Partial<Options> = {}, by: Read = read) {
  await using pool = clipPoolOver({ ...options, ...given }, by)
  return await take(pool, count)
}

/** Segment and first frame of each clip. */
const clipsIn = (frames: Uint8Array) =>
  Array.from({ length: frames.length / (FRAMES_PER_CLIP * 3) }, (_, clip) => {
    const pixels = frames.subarray(clip * FRAMES_PER_CLIP * 3, (clip + 1) * FRAMES_PER_CLIP * 3)
    return { segment: pixels[0]!, firstFrame: pixels[1]!, pixels }
  })

describe('calls', () => {
  test('bring 16 consecutive frames of one segment a clip', async () => {
    for (const [i, { call, frames }] of (await takeFrom(30)).entries()) {
      expect(call).toBe(i)
      const clips = clipsIn(frames)
      expect(clips).toHaveLength(8)
      for (const { segment, firstFrame, pixels } of clips) {
        expect(firstFrame).toBeLessThanOrEqual(FRAMES - FRAMES_PER_CLIP)
        const expected = framesOf(segmentsOf(40)[segment]!).subarray(firstFrame * 3, (firstFrame + FRAMES_PER_CLIP) * 3)
        expect(pixels).toEqual(expected)
      }
    }
  })

  test('bring every segment within a round, decoding each no more often than the round asks for', async () => {
    await using pool = clipPoolOver(options, read)
    const clips = (await take(pool, 60)).flatMap(({ frames }) => clipsIn(frames))
    expect(new Set(clips.map(({ segment }) => segment)).size).toBe(40)
    // 8 segments at first, one more every 8 clips, and those decoded ahead.
    expect(pool.stats.decodedSegments).toBeLessThanOrEqual(8 + 60 + 5)
  })

  test('are the same from the middle as from the start', async () => {
    const whole = await takeFrom(50)
    for (const fromCall of [1, 7, 43])
      expect(await takeFrom(7, { fromCall })).toEqual(whole.slice(fromCall, fromCall + 7))
  })

  test('are the same whatever decodes first, and however many at once', async () => {
    const whole = await takeFrom(20)
    const slow: Read = async segment => {
      await sleep((Number(segment.id) * 7) % 5)
      return framesOf(segment)
    }
    for (const decoders of [1, 4, 40]) expect(await takeFrom(20, { decoders }, slow)).toEqual(whole)
  })

  test('are others with another seed', async () => {
    expect(await takeFrom(2, { seed: 2 })).not.toEqual(await takeFrom(2))
  })

  test('are handed out with memory of their own', async () => {
    const [first, second] = await takeFrom(2)
    expect(first!.frames.buffer).not.toBe(second!.frames.buffer)
    expect(first!.frames.byteLength).toBe(first!.frames.buffer.byteLength)
  })
})

describe('memory', () => {
  test.each([6, 7, 20, 39, 40, 1000])('of decoded frames stays within room for %i segments', async room => {
    const limitBytes = room * FRAMES * 3
    await using pool = clipPoolOver({ ...options, limitBytes }, read)
    for await (const { call } of pool) {
      expect(pool.stats.residentBytes).toBeLessThanOrEqual(limitBytes)
      if (call === 100) break
    }
  })

  test('that holds all segments has each decoded once', async () => {
    await using pool = clipPoolOver({ ...options, limitBytes: 40 * FRAMES * 3 }, read)
    await take(pool, 200)
    expect(pool.stats).toMatchObject({ decodedSegments: 40, residentBytes: 40 * FRAMES * 3 })
  })

  test('is counted by the longest segment', () => {
    const segments = [...segmentsOf(40), { id: 'long', mediaStartSeconds: 0, durationSeconds: 80, view: {} }]
    expect(() => clipPoolOver({ ...options, segments }, read)).toThrow(
      expect.objectContaining({ code: 'clips-without-room', message: expect.stringContaining(`${6 * 640 * 3} bytes`) }),
    )
  })
})

describe('a segment that cannot be trained on', () => {
  const gone = Object.assign(new Error('404'), { code: 'blob-not-found', retryable: false })
  const without =
    (ids: ReadonlySet<string>): Read =>
    async segment => {
      if (ids.has(segment.id)) throw gone
      return framesOf(segment)
    }

  test('is named once and left out, and moves no clip of any other', async () => {
    const leftOut: unknown[] = []
    const onLeftOut = (named: unknown) => leftOut.push(named)
    const missing = new Set(['3', '17', '18'])
    const whole = (await takeFrom(120)).map(({ frames }) => clipsIn(frames))
    const rest = (await takeFrom(120, { onLeftOut }, without(missing))).map(({ frames }) => clipsIn(frames))
    for (const [call, clips] of whole.entries()) {
      for (const [i, clip] of clips.entries()) {
        if (missing.has(String(clip.segment))) expect(missing.has(String(rest[call]![i]!.segment))).toBe(false)
        else expect(rest[call]![i]).toEqual(clip)
      }
    }
    expect(leftOut).toHaveLength(3)
    expect(leftOut).toEqual(expect.arrayContaining([...missing].map(id => ({ id, error: gone }))))
  })

  test('is stood in for by the same one in a resumed run, which knows nothing of it yet', async () => {
    const missing = without(new Set(Array.from({ length: 30 }, (_, i) => String(i))))
    const whole = await takeFrom(60, {}, missing)
    expect(await takeFrom(5, { fromCall: 50, decoders: 1 }, missing)).toEqual(whole.slice(50, 55))
  })

  test('is left out for being shorter than a clip before anything is decoded', async () => {
    const leftOut: unknown[] = []
    const short = { id: 'short', mediaStartSeconds: 0, durationSeconds: 1.7, view: {} }
    const calls = await takeFrom(3, {
      segments: [short, ...segmentsOf(40)],
      onLeftOut: ({ id, error }) => leftOut.push([id, error]),
    })
    expect(leftOut).toEqual([['short', expect.objectContaining({ code: 'segment-too-short' })]])
    expect(calls).toEqual(await takeFrom(3))
  })

  test('ends reading when it is the last one, with the reason', async () => {
    const none: Read = async () => {
      throw gone
    }
    await expect(takeFrom(1, {}, none)).rejects.toMatchObject({
      code: 'clips-without-segments',
      message: expect.stringContaining('40 segments'),
      cause: gone,
    })
    const short = segmentsOf(2).map(segment => ({ ...segment, durationSeconds: 1 }))
    expect(() => clipPoolOver({ ...options, segments: short }, read)).toThrow(/none of 2 segments/)
    expect(() => clipPoolOver({ ...options, segments: [] }, read)).toThrow(/none of 0 segments/)
  })
})

describe('what is no segment’s own fault', () => {
  test.each([
    ['a store that is away', Object.assign(new Error('away'), { code: 'blob-store-unreachable', retryable: true })],
    ['a decoder that does not end', videoError('ffmpeg-timeout', { what: 'decode it', timeoutMs: 60_000 })],
    ['a full disk', Object.assign(new Error('no space left'), { code: 'ENOSPC' })],
  ])('%s ends reading and leaves nothing out', async (_, fault) => {
    const leftOut: unknown[] = []
    const failing: Read = async segment => {
      if (segment.id === '9') throw fault
      return framesOf(segment)
    }
    await expect(takeFrom(100, { onLeftOut: named => leftOut.push(named) }, failing)).rejects.toBe(fault)
    expect(leftOut).toEqual([])
  })

  test('an abort ends reading with its reason', async () => {
    const abort = new AbortController()
    await using pool = clipPoolOver({ ...options, signal: abort.signal }, read)
    await take(pool, 3)
    abort.abort(new Error('the worker stops'))
    await expect(take(pool, 1)).rejects.toThrow('the worker stops')
  })

  test.each([{ batch: 0 }, { clipsPerDecode: 1 }, { fromCall: -1 }, { decoders: 1.5 }, { limitBytes: Number.NaN }])(
    'the option %o is refused',
    given => {
      expect(() => clipPoolOver({ ...options, ...given }, read)).toThrow(
        expect.objectContaining({ code: 'clips-invalid', message: expect.stringContaining(Object.keys(given)[0]!) }),
      )
    },
  )
})
