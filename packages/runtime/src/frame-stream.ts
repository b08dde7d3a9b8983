import type { Readable, Writable } from 'node:stream'
import { type Frame, frameBuffers, framePieces } from './frame.ts'

/** Calls `receive` with every frame that arrives whole. */
export function onFrame<Message>(stream: Readable, receive: (frame: Frame<Message>) => void): void {
  const filler = frameFiller(receive)
  filler.next()
  stream.on('data', (chunk: Buffer) => filler.next(chunk))
}

/** Hands all pieces of a frame to one gathering write. */
export function writeFrame<Message>(stream: Writable, frame: Frame<Message>): void {
  stream.cork()
  for (const piece of framePieces(frame)) stream.write(piece)
  stream.uncork()
}

/** Takes chunks of any size and spreads them over the buffers of one frame after the other. */
function* frameFiller<Message>(receive: (frame: Frame<Message>) => void): Generator<void, never, Uint8Array> {
  let chunk: Uint8Array = new Uint8Array()
  for (;;) {
    const buffers = frameBuffers<Message>()
    let next = buffers.next()
    for (; !next.done; next = buffers.next()) {
      for (let filled = 0; filled < next.value.length; ) {
        while (chunk.length === 0) chunk = yield
        const part = chunk.subarray(0, next.value.length - filled)
        next.value.set(part, filled)
        filled += part.length
        chunk = chunk.subarray(part.length)
      }
    }
    receive(next.value)
  }
}
