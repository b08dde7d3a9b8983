import type { Readable } from 'node:stream'

const TOO_LONG = '(a line too long to keep)'

/**
 * Yields a stream's lines whole; a line above `maxLength` characters is replaced by a notice, never cut, because a cut
 * could leave half of a secret that redaction no longer recognises.
 */
export async function* readLines(stream: Readable, maxLength: number): AsyncGenerator<string> {
  stream.setEncoding('utf8')
  let pending = ''
  let overflowing = false
  for await (const chunk of stream) {
    const parts = (pending + chunk).split('\n')
    pending = parts.pop() ?? ''
    for (const part of parts) {
      yield overflowing || part.length > maxLength ? TOO_LONG : part
      overflowing = false
    }
    if (pending.length <= maxLength) continue
    pending = ''
    overflowing = true
  }
  if (overflowing) yield TOO_LONG
  else if (pending !== '') yield pending
}
