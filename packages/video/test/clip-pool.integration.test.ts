import { execFile } from 'node:child_process'
import { copyFile, mkdir, open, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { type ClipPoolOptions, decodeSegment, openClipPool, type TrainingSegment } from '../src/index.ts'
import { type Cut, cutVideo } from './cut-video.ts'
import { type TemporaryDirectory, temporaryDirectory } from './temporary-directory.ts'

const RECORDING = fileURLToPath(new URL('../../dev-env/material/bottle-detection.mp4', import.meta.url))
const [SIZE, FRAMES, COUNT] = [32, 24, 8]
const CLIP_BYTES = 16 * SIZE * SIZE * 3
const view = { crop: { x: 0.25, y: 0, width: 0.5, height: 1 }, masks: [{ x: 0.4, y: 0.4, width: 0.1, height: 0.1 }] }

let fixtures: TemporaryDirectory
let segments: readonly TrainingSegment[]
let cuts: readonly Cut[]
/** Frames of each segment, as `embed` would decode them. */
let decoded: readonly Buffer[]

beforeAll(async () => {
  fixtures = await temporaryDirectory()
  const small = fixtures.file('small.mp4')
  const picture = ['-an', '-t', String(3 * COUNT), '-vf', 'scale=320:180,fps=25']
  const encoder = ['-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '0', '-g', '25', '-pix_fmt', 'yuv420p']
  await promisify(execFile)('ffmpeg', ['-v', 'error', '-i', RECORDING, ...picture, ...encoder, small])
  cuts = await cutVideo(
    small,
    fixtures.path,
    Array.from({ length: COUNT - 1 }, (_, i) => 75 * (i + 1)),
  )
  segments = cuts.map(({ startSeconds, endSeconds }, i) => ({
    id: String(i),
    mediaStartSeconds: startSeconds,
    durationSeconds: endSeconds - startSeconds,
    view,
  }))
  const signal = new AbortController().signal
  decoded = await Promise.all(
    segments.map(async (segment, i) => {
      const renditions = [{ id: 'view', size: SIZE, ...view }]
      const { frames } = await decodeSegment({ ...segment, input: cuts[i]!.path, renditions, signal })
      return Buffer.from(frames.get('view')!)
    }),
  )
})
afterAll(() => fixtures[Symbol.asyncDispose]())
afterEach(() => vi.unstubAllEnvs())

const optionsOf = (given: Partial<ClipPoolOptions> = {}): ClipPoolOptions => ({
  segments,
  ...{ seed: 4, size: SIZE, batch: 4, stepsPerCall: 2, clipsPerDecode: 8 },
  ...{ limitBytes: COUNT * FRAMES * SIZE * SIZE * 3, fromCall: 0, decoders: 2 },
  download: (id, path) => copyFile(cuts[Number(id)]!.path, path),
  onLeftOut: () => {},
  signal: new AbortController().signal,
  ...given,
})

/** Room for 7 of the 8 segments: every one that comes again is decoded again. */
const tooSmall = { limitBytes: 7 * FRAMES * SIZE * SIZE * 3 }

async function take(count: number, given: Partial<ClipPoolOptions> = {}) {
  await using pool = openClipPool(optionsOf(given))
  const calls = []
  for await (const { frames } of pool) if (calls.push(frames) === count) break
  return { calls, ...pool.stats }
}

/** The segment whose frames a clip's pixels are. */
const segmentOf = (pixels: Buffer): number | undefined => {
  const found = decoded.findIndex(frames => frames.includes(pixels))
  return found < 0 ? undefined : found
}

const clipsIn = (frames: Uint8Array) =>
  Array.from({ length: frames.length / CLIP_BYTES }, (_, i) =>
    Buffer.from(frames.subarray(i * CLIP_BYTES, (i + 1) * CLIP_BYTES)),
  )

describe('clips of recorded segments', () => {
  test('show what the segments show, through crop and masks, each segment within a round', async () => {
    expect(decoded.map(({ length }) => length)).toEqual(Array(COUNT).fill(FRAMES * SIZE * SIZE * 3))
    const { calls, decodedSegments } = await take(9, tooSmall)
    const shown = calls.flatMap(clipsIn).map(segmentOf)
    expect(new Set(shown)).toEqual(new Set(segments.keys()))
    expect(decodedSegments).toBeGreaterThan(COUNT)
  })

  test('are the same to the last bit in a run that goes on from a checkpoint, which decodes them again', async () => {
    const whole = await take(12, tooSmall)
    const resumed = await take(3, { ...tooSmall, fromCall: 9, decoders: 1 })
    expect(resumed.calls).toEqual(whole.calls.slice(9))
  })
})

describe('hostile segments', () => {
  const playlist = '#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\nhttp://127.0.0.1:9/canary.mp4\n#EXT-X-ENDLIST\n'
  const gone = Object.assign(new Error('there is no object'), { code: 'blob-not-found', retryable: false })
  const hostile: Readonly<Record<string, (path: string) => Promise<unknown>>> = {
    vanished: () => Promise.reject(gone),
    empty: path => writeFile(path, ''),
    noise: path => writeFile(path, Buffer.alloc(50_000, 'no video')),
    playlist: path => writeFile(path, playlist),
    truncated: async path => writeFile(path, (await readFile(cuts[0]!.path)).subarray(0, 20_000)),
    'without media': async path => {
      await copyFile(cuts[0]!.path, path)
      await using file = await open(path, 'r+')
      const { size } = await stat(path)
      await file.write(Buffer.alloc(size - 2_000), 0, size - 2_000, 2_000)
    },
  }

  test('are named and left out, and the sound ones go on', async () => {
    const bad = Object.keys(hostile).map((id): TrainingSegment => ({ ...segments[0]!, id }))
    const leftOut = new Map<string, unknown>()
    const { calls } = await take(10, {
      segments: [...segments, ...bad],
      limitBytes: 2 ** 30,
      download: async (id, path) => {
        if (hostile[id]) await hostile[id](path)
        else await copyFile(cuts[Number(id)]!.path, path)
      },
      onLeftOut: ({ id, error }) => leftOut.set(id, error),
    })
    expect([...leftOut.keys()].toSorted()).toEqual(Object.keys(hostile).toSorted())
    expect(leftOut.get('vanished')).toBe(gone)
    expect(leftOut.get('truncated')).toMatchObject({ code: 'segment-damaged' })
    for (const id of ['empty', 'noise', 'playlist']) expect(leftOut.get(id)).toMatchObject({ code: 'decode-nothing' })
    expect(calls.flatMap(clipsIn).map(segmentOf)).not.toContain(undefined)
  })
})

describe('the end of a pool', () => {
  test('leaves no file behind, wherever it comes', async () => {
    const scratch = fixtures.file('scratch')
    await mkdir(scratch)
    vi.stubEnv('TMPDIR', scratch)
    const abort = new AbortController()
    await using pool = openClipPool(optionsOf({ signal: abort.signal }))
    await vi.waitFor(async () => expect(await readdir(scratch)).not.toEqual([]), { interval: 1 })
    const reading = pool[Symbol.asyncIterator]().next()
    abort.abort(new Error('the worker stops'))
    await expect(reading).rejects.toThrow('the worker stops')
    await pool[Symbol.asyncDispose]()
    expect(await readdir(scratch)).toEqual([])
  })
})
