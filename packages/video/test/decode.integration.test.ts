import { readFile, writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type DecodedSegment, type DecodeOptions, decodeSegment } from '../src/decode.ts'
import { cutVideo } from './cut-video.ts'
import { encodeFixture, FRAGMENTED } from './encode-fixture.ts'
import { type TemporaryDirectory, temporaryDirectory } from './temporary-directory.ts'

const SIZE = 16
const FRAME_BYTES = SIZE * SIZE * 3

let fixtures: TemporaryDirectory
beforeAll(async () => {
  fixtures = await temporaryDirectory()
})
afterAll(() => fixtures[Symbol.asyncDispose]())

const decode = (options: Partial<DecodeOptions> & Pick<DecodeOptions, 'input'>) =>
  decodeSegment({
    mediaStartSeconds: 0,
    durationSeconds: 2,
    renditions: [{ id: 'whole', size: SIZE }],
    signal: new AbortController().signal,
    ...options,
  })

describe('the frame grid', () => {
  /** Frame n is one even grey of luma 24 + 12·(n mod 16): its number can be read back from any pixel. */
  const COUNTER = 'lum=24+12*mod(N\\,16):cb=128:cr=128'
  const EVERY_FRAME_A_KEY = [
    '-c:v',
    'libx264',
    '-preset',
    'ultrafast',
    '-g',
    '1',
    '-bf',
    '0',
    '-qp',
    '8',
    '-pix_fmt',
    'yuv420p',
  ]

  const numbersShown = (decoded: DecodedSegment) => {
    const pixels = decoded.frames.get('whole')!
    return Array.from({ length: pixels.length / FRAME_BYTES }, (_, frame) => {
      const grey = pixels[frame * FRAME_BYTES + FRAME_BYTES / 2]!
      return Math.round(((grey * 219) / 255 + 18 - 24) / 12) // RGB back to studio luma; swscale may be 2 levels low
    })
  }

  test.each([
    { rate: '25', num: 25, den: 1 },
    { rate: '30', num: 30, den: 1 },
    { rate: '179/6', num: 179, den: 6 },
    { rate: '25/2', num: 25, den: 2 },
    { rate: '5', num: 5, den: 1 },
    { rate: '60', num: 60, den: 1 },
    { rate: '1', num: 1, den: 1 },
  ])(
    'of a video at $rate fps is, however it is cut, that of the uncut video: no step twice, none missing',
    async ({ rate, num, den }) => {
      await using directory = await temporaryDirectory()
      const seconds = 6
      const frameCount = Math.floor((seconds * num) / den)
      const video = directory.file('counter.mp4')
      await encodeFixture({
        output: video,
        seconds,
        rate,
        size: '32x32',
        source: 'color',
        filter: `format=yuv420p,geq=${COUNTER}`,
        encoder: EVERY_FRAME_A_KEY,
        muxer: ['-video_track_timescale', '90000'],
      })
      const cutFrames = [0.07, 0.11, 0.3, 0.34, 0.5, 0.77].map(part => Math.max(1, Math.floor(part * frameCount)))
      const cuts = await cutVideo(video, directory.path, [...new Set(cutFrames)])
      const firstFrames = [0, ...new Set(cutFrames), frameCount]

      const steps: number[] = []
      for (const [index, { path, startSeconds, endSeconds }] of cuts.entries()) {
        const decoded = await decode({
          input: path,
          mediaStartSeconds: startSeconds,
          durationSeconds: endSeconds - startSeconds,
        })
        const lastFrame = firstFrames[index + 1]! - 1
        const expected = Array.from({ length: 2 * decoded.stepCount }, (_, i) => {
          const k = 2 * decoded.firstStep + i
          return Math.min(Math.floor((k * num) / (8 * den)), lastFrame) % 16
        })
        if (decoded.stepCount > 0) expect(numbersShown(decoded)).toEqual(expected)
        for (let step = 0; step < decoded.stepCount; step++) steps.push(decoded.firstStep + step)
      }
      const allSteps = Math.ceil((frameCount * den * 4) / num)
      expect(cuts.length).toBe(firstFrames.length - 1)
      expect(steps).toEqual(Array.from({ length: allSteps }, (_, step) => step))
    },
  )

  test('of a video with B-frames, cut at its key frames, is that of the uncut video', async () => {
    await using directory = await temporaryDirectory()
    const video = directory.file('counter.mp4')
    const encoder = [
      '-c:v',
      'libx264',
      '-preset',
      'veryfast',
      '-bf',
      '2',
      '-b_strategy',
      '0',
      '-g',
      '25',
      '-sc_threshold',
      '0',
      '-qp',
      '8',
    ]
    await encodeFixture({
      output: video,
      seconds: 6,
      size: '32x32',
      source: 'color',
      filter: `format=yuv420p,geq=${COUNTER}`,
      encoder,
    })
    const cuts = await cutVideo(video, directory.path, [25, 75, 100])
    const shown: number[] = []
    for (const { path, startSeconds, endSeconds } of cuts) {
      const decoded = await decode({
        input: path,
        mediaStartSeconds: startSeconds,
        durationSeconds: endSeconds - startSeconds,
      })
      shown.push(...numbersShown(decoded))
    }
    expect(shown).toEqual(Array.from({ length: 48 }, (_, k) => Math.floor((k * 25) / 8) % 16))
  })
})

describe('renditions', () => {
  const isBlack = (pixels: Uint8Array, x: number, y: number) =>
    pixels.subarray((y * SIZE + x) * 3, (y * SIZE + x) * 3 + 3).every(value => value < 8)

  test('are decoded together, each with its own crop, masks and size', async () => {
    const input = fixtures.file('white.mp4')
    await encodeFixture({ output: input, seconds: 1, size: '192x108', source: 'color=white' })
    const { frames } = await decode({
      input,
      durationSeconds: 1,
      renditions: [
        { id: 'whole', size: SIZE, masks: [{ x: 0, y: 0, width: 0.5, height: 0.5 }] },
        {
          id: 'right',
          size: SIZE,
          crop: { x: 0.5, y: 0, width: 0.5, height: 1 },
          masks: [{ x: 0.75, y: 0, width: 0.25, height: 1 }],
        },
        { id: 'large', size: 24 },
      ],
    })
    const whole = frames.get('whole')!
    expect([isBlack(whole, 1, 1), isBlack(whole, 6, 6), isBlack(whole, 10, 1), isBlack(whole, 1, 10)]).toEqual([
      true,
      true,
      false,
      false,
    ])
    const right = frames.get('right')!
    expect([isBlack(right, 2, 8), isBlack(right, 6, 2), isBlack(right, 9, 8), isBlack(right, 14, 14)]).toEqual([
      false,
      false,
      true,
      true,
    ])
    expect(frames.get('large')!.length).toBe(8 * 24 * 24 * 3)
  })

  test('hide all of a masked secret, at odd edges too, and show the picture beside it', async () => {
    const input = fixtures.file('secret.mp4')
    const secret = { x: 0.31, y: 0.43, width: 0.17, height: 0.21 }
    const box = `drawbox=x=iw*${secret.x}:y=ih*${secret.y}:w=iw*${secret.width}:h=ih*${secret.height}:color=red:t=fill`
    await encodeFixture({ output: input, seconds: 1, size: '322x242', source: 'color=blue', filter: box })
    const { frames } = await decode({
      input,
      durationSeconds: 1,
      renditions: [
        { id: 'shown', size: 64 },
        { id: 'hidden', size: 64, masks: [secret] },
      ],
    })
    const redness = (pixels: Uint8Array) =>
      pixels.reduce((most, value, i) => (i % 3 === 0 ? Math.max(most, value) : most), 0)
    expect(redness(frames.get('shown')!)).toBeGreaterThan(200)
    expect(redness(frames.get('hidden')!)).toBeLessThan(60)
  })

  test.each([
    { crop: { x: 0.6, y: 0, width: 0.5, height: 1 } },
    { crop: { x: 0, y: 0, width: 0, height: 1 } },
    { masks: [{ x: Number.NaN, y: 0, width: 1, height: 1 }] },
    { size: 0 },
    { size: 100_000 },
  ])('outside the picture are refused: %o', async rendition => {
    await expect(
      decode({ input: 'never-opened.mp4', renditions: [{ id: 'bad', size: SIZE, ...rendition }] }),
    ).rejects.toMatchObject({ code: 'rendition-invalid' })
  })
})

describe('damaged input', () => {
  const segment = () => fixtures.file('segment.mp4')
  beforeAll(() => encodeFixture({ output: segment(), seconds: 2, muxer: FRAGMENTED }))

  test('a sound segment decodes in full and without complaint', async () => {
    expect(await decode({ input: segment() })).toMatchObject({ stepCount: 8, decodedFrames: 16, decoderErrors: [] })
  })

  test('a segment truncated in its second fragment gives what there is and holds the last picture', async () => {
    const bytes = await readFile(segment())
    const input = fixtures.file('truncated.mp4')
    await writeFile(input, bytes.subarray(0, Math.floor(bytes.length * 0.75)))
    const decoded = await decode({ input })
    expect(decoded.stepCount).toBe(8)
    expect(decoded.decodedFrames).toBeGreaterThanOrEqual(8)
    expect(decoded.decodedFrames).toBeLessThan(16)
    const pixels = decoded.frames.get('whole')!
    expect(pixels.subarray(15 * FRAME_BYTES)).toEqual(
      pixels.slice((decoded.decodedFrames - 1) * FRAME_BYTES, decoded.decodedFrames * FRAME_BYTES),
    )
  })

  test('a segment with its payload overwritten either decodes in part or is named as undecodable', async () => {
    const bytes = await readFile(segment())
    bytes.fill(0xa5, Math.floor(bytes.length / 4), Math.floor(bytes.length / 2))
    const input = fixtures.file('overwritten.mp4')
    await writeFile(input, bytes)
    const outcome = await decode({ input }).then(
      decoded => decoded.decoderErrors.length,
      error => error.code,
    )
    expect(outcome === 'decode-nothing' || outcome > 0).toBe(true)
  })

  test.each([
    ['an empty file', new Uint8Array()],
    ['noise', Uint8Array.from({ length: 5_000 }, (_, i) => (i * 7919) % 251)],
    ['a playlist that names another file', new TextEncoder().encode('#EXTM3U\n#EXTINF:4\nfile:///etc/hostname\n')],
    ['an ffconcat list', new TextEncoder().encode("ffconcat version 1.0\nfile '/etc/hostname'\n")],
  ])('%s is decode-nothing', async (name, bytes) => {
    const input = fixtures.file(`${name}.mp4`)
    await writeFile(input, bytes)
    await expect(decode({ input })).rejects.toMatchObject({ code: 'decode-nothing', retryable: false })
  })

  test('a file that is not there is decode-nothing', async () => {
    await expect(decode({ input: fixtures.file('absent.mp4') })).rejects.toMatchObject({ code: 'decode-nothing' })
  })

  test('a decode that takes too long is ended and may be tried again', async () => {
    await expect(decode({ input: segment(), timeoutMs: 1 })).rejects.toMatchObject({
      code: 'ffmpeg-timeout',
      retryable: true,
    })
  })

  test('a decode that takes more CPU than it may stops there, and holds the last picture', async () => {
    const input = fixtures.file('laborious.mp4')
    await encodeFixture({ output: input, seconds: 40, rate: 500, size: '320x240', muxer: FRAGMENTED })
    const { decodedFrames, frames } = await decode({ input, durationSeconds: 40, cpuSeconds: 1 })
    expect(decodedFrames).toBeLessThan(320)
    expect(frames.get('whole')!.length).toBe(320 * FRAME_BYTES)
  })

  test('an abort ends the decode with its own reason', async () => {
    const controller = new AbortController()
    const decoding = decode({ input: segment(), signal: controller.signal })
    controller.abort(new Error('shutting down'))
    await expect(decoding).rejects.toThrow('shutting down')
  })
})
