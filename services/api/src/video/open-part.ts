import { open } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { parseByteRange } from '../http/byte-range.ts'
import { readStart } from './start-mark.ts'

/** All of a video file or a range of it, ready to be sent. */
export interface VideoPart {
  readonly status: 200 | 206
  readonly headers: Readonly<Record<string, string | number>>
  readonly body: Readable
}

/** Opens what a `Range` header asks for. The open file outlives its eviction from the cache. Throws `range-unsatisfiable`. */
export async function openPart(path: string, rangeHeader: string | undefined): Promise<VideoPart> {
  const file = await open(path)
  try {
    const { size } = await file.stat()
    const range = parseByteRange(rangeHeader, size)
    const { start, end } = range ?? { start: 0, end: size }
    const headers = {
      'accept-ranges': 'bytes',
      'cache-control': 'private, max-age=60',
      'takt-video-start': (await readStart(file, size)).toISOString(),
      'content-length': end - start,
      ...(range && { 'content-range': `bytes ${start}-${end - 1}/${size}` }),
    }
    return { status: range ? 206 : 200, headers, body: file.createReadStream({ start, end: end - 1 }) }
  } catch (error) {
    await file.close()
    throw error
  }
}
