import { writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { stillPicture } from '../src/still-picture.ts'
import { encodeFixture, FRAGMENTED } from './encode-fixture.ts'
import { type TemporaryDirectory, temporaryDirectory } from './temporary-directory.ts'

let directory: TemporaryDirectory
const signal = new AbortController().signal
const input = () => directory.file('video.mp4')
beforeAll(async () => {
  directory = await temporaryDirectory()
  await encodeFixture({ output: input(), seconds: 2, size: '320x180', muxer: FRAGMENTED })
})
afterAll(() => directory[Symbol.asyncDispose]())

/** Width and height of a baseline JPEG, from its start-of-frame marker. */
function jpegSize(jpeg: Uint8Array): readonly [number, number] {
  const view = new DataView(jpeg.buffer, jpeg.byteOffset, jpeg.byteLength)
  let at = 2
  while (view.getUint16(at) !== 0xffc0) at += 2 + view.getUint16(at + 2)
  return [view.getUint16(at + 7), view.getUint16(at + 5)]
}

test('a still is a JPEG of the asked width and the picture’s shape', async () => {
  const jpeg = await stillPicture({ input: input(), atSeconds: 1.5, width: 160, signal })
  expect([...jpeg.subarray(0, 2)]).toEqual([0xff, 0xd8])
  expect(jpegSize(jpeg)).toEqual([160, 90])
})

test('stills of two times show two pictures', async () => {
  const early = await stillPicture({ input: input(), atSeconds: 0, width: 160, signal })
  const late = await stillPicture({ input: input(), atSeconds: 1.9, width: 160, signal })
  expect(early).not.toEqual(late)
})

test('a time past the end, or before the start, is still-missing', async () => {
  await expect(stillPicture({ input: input(), atSeconds: 60, width: 160, signal })).rejects.toMatchObject({
    code: 'still-missing',
  })
  await expect(stillPicture({ input: input(), atSeconds: -1, width: 160, signal })).rejects.toMatchObject({
    code: 'still-missing',
  })
})

test('a file that is no video is still-missing', async () => {
  await writeFile(directory.file('text.mp4'), 'not a video')
  await expect(
    stillPicture({ input: directory.file('text.mp4'), atSeconds: 0, width: 160, signal }),
  ).rejects.toMatchObject({ code: 'still-missing' })
})
