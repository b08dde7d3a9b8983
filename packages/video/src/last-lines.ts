import type { Readable } from 'node:stream'
import { readLines } from './lines.ts'

const MAX_LINE_CHARACTERS = 4_096
const KEPT_LINES = 20

/** Reads a stream to its end and gives its last 20 lines, each passed through `clean`. */
export async function lastLines(stream: Readable, clean: (line: string) => string): Promise<readonly string[]> {
  const kept: string[] = []
  for await (const line of readLines(stream, MAX_LINE_CHARACTERS)) {
    kept.push(clean(line))
    if (kept.length > KEPT_LINES) kept.shift()
  }
  return kept
}
