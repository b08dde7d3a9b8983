import { closeSync, openSync, writeSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Frame, framePieces } from './frame.ts'
import { onFrame } from './frame-stream.ts'
import { readFrame, writeFrame } from './frame-sync.ts'

const frames = fc.array(
  fc.record({ message: fc.jsonValue(), payloads: fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 3 }) }),
  { maxLength: 4 },
)

test('frames cut into chunks of any size arrive whole and in order', async () => {
  await fc.assert(
    fc.asyncProperty(frames, fc.integer({ min: 1, max: 20 }), async (sent, chunkSize) => {
      const bytes = Buffer.concat(sent.flatMap(framePieces))
      const stream = new PassThrough()
      const received: Frame<unknown>[] = []
      onFrame(stream, frame => received.push(frame))
      for (let offset = 0; offset < bytes.length; offset += chunkSize) {
        stream.write(bytes.subarray(offset, offset + chunkSize))
      }
      await new Promise(resolve => stream.end().on('end', resolve))
      expect(received.map(plain)).toEqual(sent.map(plain))
    }),
  )
})

test('frames written to a file are read back, and a cut one reads as the end', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'takt-frame-'))
  const path = join(directory, 'frames')
  try {
    const sent = { message: { kind: 'run' }, payloads: [Uint8Array.of(1, 2, 3), new Uint8Array()] }
    const written = openSync(path, 'w')
    writeFrame(written, sent)
    for (const piece of framePieces(sent).slice(0, -2)) writeSync(written, piece)
    closeSync(written)
    const read = openSync(path, 'r')
    expect(plain(readFrame(read)!)).toEqual(plain(sent))
    expect(readFrame(read)).toBeUndefined()
    expect(readFrame(read)).toBeUndefined()
    closeSync(read)
  } finally {
    await rm(directory, { recursive: true })
  }
})

function plain({ message, payloads }: Frame<unknown>) {
  return { message: JSON.stringify(message), payloads: payloads.map(payload => [...payload]) }
}
