import { describe, expect, test } from 'vitest'
import { parseSegment } from './segment-facts.ts'

/** A box of hand-made bytes; `claims` overrides its size field. */
function box(type: string, body: readonly number[] | Uint8Array, claims?: number): Uint8Array {
  const bytes = new Uint8Array(8 + body.length)
  new DataView(bytes.buffer).setUint32(0, claims ?? bytes.length)
  bytes.set(
    [...type].map(letter => letter.charCodeAt(0)),
    4,
  )
  bytes.set(body, 8)
  return bytes
}

const bytesOf = (...parts: readonly (Uint8Array | readonly number[])[]) =>
  Uint8Array.from(parts.flatMap(part => [...part]))
const uint32 = (value: number) => [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255]
const zeros = (count: number) => Array<number>(count).fill(0)

const ftyp = box('ftyp', zeros(20))

function moov({ handler = 'vide', timescale = 90_000, entry = 'avc1' } = {}): Uint8Array {
  const sampleEntry = box(entry, [...zeros(24), 0x07, 0x80, 0x04, 0x38, ...zeros(50)])
  const stbl = box('stbl', box('stsd', bytesOf(zeros(4), uint32(1), sampleEntry)))
  const mdia = box(
    'mdia',
    bytesOf(
      box('mdhd', bytesOf(zeros(12), uint32(timescale), zeros(8))),
      box(
        'hdlr',
        bytesOf(
          zeros(8),
          [...handler].map(letter => letter.charCodeAt(0)),
          zeros(13),
        ),
      ),
      box('minf', stbl),
    ),
  )
  return box('moov', box('trak', bytesOf(box('tkhd', bytesOf(zeros(12), uint32(1), zeros(68))), mdia)))
}

function moof({ frames = 2, flags = 0x100, rows = [3_600, 3_600], trackId = 1 } = {}): Uint8Array {
  const trun = box('trun', bytesOf(uint32(flags), uint32(frames), ...rows.map(uint32)))
  const tfhd = box('tfhd', bytesOf(uint32(0x20), uint32(trackId), uint32(0)))
  const tfdt = box('tfdt', bytesOf(uint32(0), uint32(7_200)))
  return box('moof', box('traf', bytesOf(tfhd, tfdt, trun)))
}

const parse = (...parts: readonly Uint8Array[]) => parseSegment(bytesOf(...parts), 'made.mp4')

describe('parseSegment', () => {
  test('sums a hand-made fragment', () => {
    expect(parse(ftyp, moov(), moof())).toEqual({
      codec: 'h264',
      width: 1920,
      height: 1080,
      timescale: 90_000,
      durationTicks: 7_200,
      frames: 2,
      keyframeFirst: true,
      fragments: [{ baseDecodeTicks: 7_200, firstPictureTicks: 7_200 }],
    })
  })

  test('a producer time belongs to the fragment that follows it', () => {
    const prft = box(
      'prft',
      bytesOf(uint32(0x0100_0000), uint32(1), uint32(0xe000_0000), uint32(5), uint32(0), uint32(7_200)),
    )
    const { fragments } = parse(ftyp, moov(), prft, moof(), moof())
    expect(fragments.map(fragment => fragment.prft)).toEqual([
      { ntp: (0xe000_0000n << 32n) | 5n, ticks: 7_200n },
      undefined,
    ])
  })

  test('keeps the name of a sample entry it does not know', () => {
    expect(parse(ftyp, moov({ entry: 'mp4v' }), moof()).codec).toBe('mp4v')
  })

  test('knows a first picture that is no key frame', () => {
    const rows = [0x10000, 0]
    expect(parse(ftyp, moov(), moof({ flags: 0x400, rows })).keyframeFirst).toBe(false)
  })

  test.each([
    ['nothing', new Uint8Array(), 'segment-empty'],
    ['text', new TextEncoder().encode('not an MP4 file at all'), 'segment-not-mp4'],
    ['three bytes', Uint8Array.of(0, 0, 0), 'segment-not-mp4'],
    ['a header alone', ftyp, 'segment-without-fragments'],
    ['fragments without a movie box', bytesOf(ftyp, moof()), 'segment-not-video'],
    ['sound', bytesOf(ftyp, moov({ handler: 'soun' }), moof()), 'segment-not-video'],
    ['fragments of another track', bytesOf(ftyp, moov(), moof({ trackId: 9 })), 'segment-not-video'],
    ['a timescale of zero', bytesOf(ftyp, moov({ timescale: 0 }), moof()), 'segment-malformed'],
    ['a box smaller than its header', bytesOf(ftyp, moov(), moof(), box('free', [], 4)), 'segment-malformed'],
    [
      'a box larger than the file',
      bytesOf(ftyp, moov(), moof(), box('mdat', zeros(4), 4_000_000_000)),
      'segment-truncated',
    ],
    ['half a box header', bytesOf(ftyp, moov(), moof(), Uint8Array.of(0, 0, 0)), 'segment-truncated'],
    [
      'a 64-bit size past every file',
      bytesOf(ftyp, moov(), moof(), box('mdat', Array(8).fill(255), 1)),
      'segment-truncated',
    ],
    ['a 64-bit size of zero', bytesOf(ftyp, moov(), moof(), box('mdat', zeros(8), 1)), 'segment-malformed'],
    [
      'a child larger than its parent',
      bytesOf(ftyp, box('moov', box('trak', [], 5_000)), moof(), box('mdat', zeros(9_000))),
      'segment-malformed',
    ],
    ['four billion samples with rows', bytesOf(ftyp, moov(), moof({ frames: 0xffff_ffff })), 'segment-malformed'],
    [
      'four billion samples without rows',
      bytesOf(ftyp, moov(), moof({ frames: 0xffff_ffff, flags: 0, rows: [] })),
      'segment-malformed',
    ],
    ['a run cut short', bytesOf(ftyp, moov(), moof({ frames: 3 })), 'segment-malformed'],
  ])('%s is named', (_, bytes, code) => {
    expect(() => parseSegment(bytes, 'made.mp4')).toThrow(expect.objectContaining({ code, retryable: false }))
  })
})
