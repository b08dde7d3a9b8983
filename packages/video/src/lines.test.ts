import { Readable } from 'node:stream'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readLines } from './lines.ts'

const linesOf = async (chunks: readonly string[], maxLength = 1_000) => {
  const lines: string[] = []
  for await (const line of readLines(Readable.from(chunks.map(Buffer.from)), maxLength)) lines.push(line)
  return lines
}

test('lines are whole however the stream is chunked, the last one without its newline too', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.string({ minLength: 1 }).map(text => text.replaceAll(/[\n\r]/g, ' '))),
      fc.nat(7),
      async (lines, size) => {
        const text = lines.join('\n')
        const chunks = text.match(new RegExp(`[\\s\\S]{1,${size + 1}}`, 'g')) ?? []
        expect(await linesOf(chunks)).toEqual(lines)
      },
    ),
  )
})

test('a line above the limit is dropped whole: no half of it is kept', async () => {
  const chunks = ['short\n', 'x'.repeat(30), 'secret'.repeat(5), '\nnext\n', 'y'.repeat(80)]
  expect(await linesOf(chunks, 20)).toEqual(['short', '(a line too long to keep)', 'next', '(a line too long to keep)'])
})
