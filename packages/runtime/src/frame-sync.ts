import { readSync, writeSync } from 'node:fs'
import { type Frame, frameBuffers, framePieces } from './frame.ts'

/** The next frame of a pipe, waiting for it on this thread; undefined once the other side has closed. */
export function readFrame<Message>(fd: number): Frame<Message> | undefined {
  const buffers = frameBuffers<Message>()
  for (let next = buffers.next(); ; next = buffers.next()) {
    if (next.done) return next.value
    if (!fill(fd, next.value)) return undefined
  }
}

export function writeFrame<Message>(fd: number, frame: Frame<Message>): void {
  for (const piece of framePieces(frame)) {
    for (let written = 0; written < piece.length; ) written += writeSync(fd, piece, written)
  }
}

/** False if the pipe ends before the buffer is full. */
function fill(fd: number, buffer: Uint8Array): boolean {
  for (let filled = 0; filled < buffer.length; ) {
    const count = readSync(fd, buffer, filled, buffer.length - filled, null)
    if (count === 0) return false
    filled += count
  }
  return true
}
