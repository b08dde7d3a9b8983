import type { BlobStore } from '@takt/blobs'
import { type Database, fillSlot, type OpenSlot, segmentWork } from '@takt/db'
import type { EncoderSpec } from '@takt/nn'
import { decodeNpy } from '@takt/onnx'
import { decodeSegment } from '@takt/video'
import { beforeEach, expect, test, vi } from 'vitest'
import type { LoadedEncoder } from '../encoders.ts'
import { type EmbedContext, embedSegment, type SegmentDamage } from './embed-segment.ts'

vi.mock(import('@takt/db'), async original => ({ ...(await original()), segmentWork: vi.fn(), fillSlot: vi.fn() }))
vi.mock(import('@takt/video'), async original => ({ ...(await original()), decodeSegment: vi.fn() }))

const segment = '00000000-0000-7000-8000-000000000001'
const camera = '00000000-0000-7000-8000-000000000002'
const viewRevision = (n: number) => `00000000-0000-7000-8000-00000000010${n}`
const encoderId = (n: number) => `00000000-0000-7000-8000-00000000020${n}`

const inputSize = 4
const grid = 2
const dim = 3
const perStep = grid * grid * dim
const stepCount = 11

const slot = (view: number, encoder: number, crop: OpenSlot['crop'] = null): OpenSlot => ({
  viewRevision: viewRevision(view),
  encoder: encoderId(encoder),
  spec: {},
  weightsKey: `encoders/${encoderId(encoder)}/weights.safetensors`,
  crop,
  masks: [],
})

/** Gives each step of a clip the brightness of its first frame, times `gain`. */
const brightness = (gain: number): LoadedEncoder => ({
  spec: { inputSize, grid, dim } as EncoderSpec,
  encoder: {
    embedClips: async (clips: readonly Uint8Array[]) =>
      clips.map(clip => {
        const frameBytes = inputSize * inputSize * 3
        const steps = clip.length / (2 * frameBytes)
        return Uint16Array.from(
          { length: steps * perStep },
          (_, i) => gain * clip[2 * Math.floor(i / perStep) * frameBytes]!,
        )
      }),
  } as unknown as LoadedEncoder['encoder'],
})

/** Frame n of the segment has brightness n of its rendition. */
const framesOf = () => {
  const frameBytes = inputSize * inputSize * 3
  return Uint8Array.from({ length: 2 * stepCount * frameBytes }, (_, i) => Math.floor(i / frameBytes))
}

const stored = new Map<string, Uint8Array>()
const embeddings = () => [...stored.keys()].filter(key => key.startsWith('embeddings/'))
const observed: string[] = []
const damages: SegmentDamage[] = []

const contextOf = (encoders: EmbedContext['encoders']['of']): EmbedContext => ({
  db: {} as Database,
  blobs: {
    download: async () => undefined,
    put: async (key: string, body: Uint8Array) => void stored.set(key, body),
  } as unknown as BlobStore,
  encoders: { of: encoders } as EmbedContext['encoders'],
  observe: stage => void observed.push(stage),
  onDamaged: damage => void damages.push(damage),
})

const open = (slots: readonly OpenSlot[]) =>
  vi.mocked(segmentWork).mockResolvedValue({
    id: segment,
    objectKey: `segments/${camera}/${segment}/0.mp4`,
    mediaStartSeconds: 100,
    durationSeconds: 2.75,
    slots,
  })

const never = new AbortController().signal

beforeEach(() => {
  vi.clearAllMocks()
  stored.clear()
  observed.length = 0
  damages.length = 0
  vi.mocked(decodeSegment).mockImplementation(async ({ renditions }) => ({
    firstStep: 400,
    stepCount,
    frames: new Map(renditions.map(({ id }) => [id, framesOf()])),
    decodedFrames: 2 * stepCount,
    decoderErrors: [],
  }))
})

test('each slot gets the features of every step once, as float16 [time, grid, dim]', async () => {
  open([slot(1, 1)])
  expect(
    await embedSegment(
      contextOf(async () => brightness(1)),
      segment,
      never,
    ),
  ).toBe(1)
  const objectKey = `embeddings/${encoderId(1)}/${viewRevision(1)}/${segment}.npy`
  expect(fillSlot).toHaveBeenCalledExactlyOnceWith(
    expect.anything(),
    expect.objectContaining({ viewRevision: viewRevision(1), encoder: encoderId(1), segment }),
    { objectKey, firstStep: 400, stepCount },
  )
  const { shape, dtype, data } = decodeNpy(stored.get(objectKey)!)
  expect({ shape, dtype }).toEqual({ shape: [stepCount, grid * grid, dim], dtype: 'float16' })
  expect([...data]).toEqual(Array.from({ length: stepCount * perStep }, (_, i) => 2 * Math.floor(i / perStep)))
})

test('what stands still is kept beside the features, 64 × 64 grey', async () => {
  open([slot(1, 1)])
  await embedSegment(
    contextOf(async () => brightness(1)),
    segment,
    never,
  )
  const background = stored.get(`backgrounds/${viewRevision(1)}/${segment}.gray`)!
  // Of frames 0, 4, … 20, which are as bright as they are late, the median.
  expect(background).toEqual(new Uint8Array(64 * 64).fill(12))
})

test('a segment is fetched and decoded once for all its slots, and once for each part of the picture', async () => {
  const crop = { x: 0, y: 0, width: 0.5, height: 0.5 }
  open([slot(1, 1), slot(1, 2), slot(2, 1, crop)])
  expect(
    await embedSegment(
      contextOf(async () => brightness(1)),
      segment,
      never,
    ),
  ).toBe(3)
  expect(decodeSegment).toHaveBeenCalledOnce()
  expect(vi.mocked(decodeSegment).mock.calls[0]![0].renditions.map(rendition => rendition.crop)).toEqual([
    undefined,
    crop,
  ])
  expect(observed.filter(stage => stage === 'fetch')).toHaveLength(1)
  expect(embeddings()).toHaveLength(3)
})

test('a segment without open slots is not even fetched', async () => {
  open([])
  expect(
    await embedSegment(
      contextOf(async () => brightness(1)),
      segment,
      never,
    ),
  ).toBe(0)
  expect(decodeSegment).not.toHaveBeenCalled()
  expect(observed).toEqual([])
})

test('done twice it stores the same bytes under the same keys', async () => {
  open([slot(1, 1)])
  const context = contextOf(async () => brightness(3))
  await embedSegment(context, segment, never)
  const first = new Map(stored)
  await embedSegment(context, segment, never)
  expect(stored).toEqual(first)
})

test('an encoder that cannot be loaded leaves the others working, and its error is thrown in the end', async () => {
  open([slot(1, 1), slot(1, 2)])
  const context = contextOf(async ({ encoder }) => {
    if (encoder === encoderId(1)) throw new Error('its weights are spoilt')
    return brightness(1)
  })
  await expect(embedSegment(context, segment, never)).rejects.toThrow('its weights are spoilt')
  expect(embeddings()).toEqual([`embeddings/${encoderId(2)}/${viewRevision(1)}/${segment}.npy`])
})

test('of several errors, one that may pass is thrown', async () => {
  open([slot(1, 1), slot(1, 2)])
  const context = contextOf(async ({ encoder }) => {
    throw Object.assign(new Error(encoder), { code: 'x', retryable: encoder === encoderId(2) })
  })
  await expect(embedSegment(context, segment, never)).rejects.toThrow(encoderId(2))
})

test('video that could be decoded in part only is told of, and embedded all the same', async () => {
  open([slot(1, 1)])
  const frames = vi.mocked(decodeSegment).getMockImplementation()!
  vi.mocked(decodeSegment).mockImplementation(async options => ({
    ...(await frames(options)),
    decodedFrames: 12,
    decoderErrors: ['moov atom cut off', 'and more'],
  }))
  expect(
    await embedSegment(
      contextOf(async () => brightness(1)),
      segment,
      never,
    ),
  ).toBe(1)
  expect(damages).toEqual([{ segment, decodedFrames: 12, expectedFrames: 22, complaint: 'moov atom cut off' }])
})

test('a grid whose last picture lies behind the last one of the video is no damage', async () => {
  open([slot(1, 1)])
  const frames = vi.mocked(decodeSegment).getMockImplementation()!
  vi.mocked(decodeSegment).mockImplementation(async options => ({ ...(await frames(options)), decodedFrames: 21 }))
  await embedSegment(
    contextOf(async () => brightness(1)),
    segment,
    never,
  )
  expect(damages).toEqual([])
})

test('what cannot be decoded fills nothing', async () => {
  open([slot(1, 1)])
  vi.mocked(decodeSegment).mockRejectedValue(new Error('no picture'))
  await expect(
    embedSegment(
      contextOf(async () => brightness(1)),
      segment,
      never,
    ),
  ).rejects.toThrow('no picture')
  expect(fillSlot).not.toHaveBeenCalled()
})

test('it stops between slots with its signal', async () => {
  open([slot(1, 1), slot(2, 1)])
  const stop = new AbortController()
  vi.mocked(fillSlot).mockImplementation(async () => stop.abort(new Error('the worker stops')))
  await expect(
    embedSegment(
      contextOf(async () => brightness(1)),
      segment,
      stop.signal,
    ),
  ).rejects.toThrow('the worker stops')
  expect(embeddings()).toHaveLength(1)
})
