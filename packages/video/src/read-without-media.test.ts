import { mkdtemp, open, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { walkBoxes } from './boxes.ts'
import { readWithoutMedia } from './read-without-media.ts'

let directory: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'takt-boxes-'))
})
afterAll(() => rm(directory, { recursive: true, force: true }))

async function read(bytes: Uint8Array): Promise<Uint8Array> {
  const path = join(directory, crypto.randomUUID())
  await writeFile(path, bytes)
  await using file = await open(path)
  return await readWithoutMedia(file, bytes.length)
}

function box(type: string, bodyBytes: number, { long = false, claims = 0 } = {}): Buffer {
  const headerBytes = long ? 16 : 8
  const bytes = Buffer.alloc(headerBytes + bodyBytes, type.charCodeAt(0))
  bytes.write(type, 4, 'latin1')
  const size = claims || bytes.length
  bytes.writeUInt32BE(long ? 1 : size, 0)
  if (long) bytes.writeBigUInt64BE(BigInt(size), 8)
  return bytes
}

const emptyMedia = box('mdat', 0)

describe('readWithoutMedia', () => {
  test('media is left out and every other box is kept as it is, whatever their sizes and headers', async () => {
    const boxes = fc.array(
      fc.record({
        type: fc.constantFrom('ftyp', 'moov', 'moof', 'mdat', 'prft'),
        bodyBytes: fc.nat({ max: 40_000 }),
        long: fc.boolean(),
      }),
      { maxLength: 12 },
    )
    await fc.assert(
      fc.asyncProperty(boxes, async made => {
        const whole = made.map(({ type, bodyBytes, long }) => box(type, bodyBytes, { long }))
        const without = whole.map((bytes, i) => (made[i]!.type === 'mdat' ? emptyMedia : bytes))
        expect(Buffer.compare(await read(Buffer.concat(whole)), Buffer.concat(without))).toBe(0)
      }),
      { numRuns: 60 },
    )
  })

  test('media that lasts to the end of the file is left out too', async () => {
    const open = box('mdat', 100_000)
    open.writeUInt32BE(0, 0)
    expect(Buffer.from(await read(Buffer.concat([box('ftyp', 4), open])))).toEqual(
      Buffer.concat([box('ftyp', 4), emptyMedia]),
    )
  })

  test.each([
    ['media that ends past the file', box('mdat', 20, { claims: 4_000 }), 'segment-truncated'],
    ['a box that ends past the file', box('moof', 20, { claims: 4_000 }), 'segment-truncated'],
    [
      'a long box without the whole of its header',
      Buffer.from([0, 0, 0, 1, 109, 100, 97, 116, 0]),
      'segment-truncated',
    ],
    ['a header that is cut short', Buffer.from([0, 0, 0]), 'segment-truncated'],
    ['a box smaller than its header', box('mdat', 20, { claims: 4 }), 'segment-malformed'],
    [
      'a size beyond all numbers',
      box('mdat', 20, { long: true, claims: Number.MAX_SAFE_INTEGER }),
      'segment-truncated',
    ],
  ])('%s is as faulty in what is read as it is in the file', async (_, faulty, code) => {
    const file = Buffer.concat([box('ftyp', 4), faulty])
    const fault = expect.objectContaining({ code })
    expect(() => [...walkBoxes(file, 0, file.length)]).toThrow(fault)
    const bytes = await read(file)
    expect(() => [...walkBoxes(bytes, 0, bytes.length)]).toThrow(fault)
  })
})
