import { parseLabelRows } from '@takt/domain'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readLabelCsv, writeLabelCsv } from './label-csv.ts'
import { type RangeDocument, rowsOf } from './label-document.ts'

const text = (longest: number) =>
  fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: longest })
    // biome-ignore lint/suspicious/noControlCharactersInRegex: names have none
    .map(name => name.replace(/[\u0000-\u001f\u007f]/g, '').trim())
    .filter(name => name !== '')

/** Ranges of one source, apart from each other, with labels side by side. */
const ranges = fc
  .tuple(
    text(20),
    fc.boolean(),
    fc.array(fc.array(fc.tuple(text(12), fc.integer({ min: 1, max: 90_000 })), { maxLength: 6 }), {
      minLength: 1,
      maxLength: 4,
    }),
  )
  .map(([source, utc, groups]) => {
    let ms = utc ? Date.UTC(2026, 10, 24) : 0
    const shown = (at: number) => (utc ? new Date(at).toISOString() : at / 1000)
    return groups.map(group => {
      const start = ms
      const labels = group.map(([step, length]) => {
        ms += 1
        const label = { id: '', step, start: shown(ms), end: shown(ms + length) }
        ms += length
        return label
      })
      ms += 5
      const range = { source, start: shown(start), end: shown(ms), labels }
      ms += 1000
      return range satisfies Pick<RangeDocument, 'source' | 'start' | 'end' | 'labels'>
    })
  })

test('what is exported imports as the same ranges and labels, whatever names contain', () => {
  fc.assert(
    fc.property(ranges, written => {
      const rows = written.flatMap(rowsOf)
      const read = parseLabelRows(readLabelCsv(writeLabelCsv(rows)))
      expect(read).toEqual(parseLabelRows(rows))
      expect(read.ranges).toHaveLength(written.length)
      expect(read.labels.map(label => label.label)).toEqual(
        written.flatMap(range => range.labels.map(label => label.step)),
      )
    }),
  )
})

test('columns may stand in any order, with a byte order mark and Windows line ends', () => {
  expect(readLabelCsv('\ufefflabel,end,start,source\r\npick,2,1,a.mp4\r\n')).toEqual([
    { source: 'a.mp4', start: '1', end: '2', label: 'pick' },
  ])
})

test.each([
  ['', /lacks source, start, end, label/],
  ['source,start,end\na,1,2\n', /lacks label/],
  ['source,start,end,label\n', /no row below/],
  ['source,start,end,label\n"a,1,2,x\n', /cannot be read/],
  [`source,start,end,label\n${'a,1,2,x\n'.repeat(20_001)}`, /20001 rows, more than 20000/],
])('%j is refused', (csv, reason) => {
  expect(() => readLabelCsv(csv)).toThrow(reason)
})

test('text that is no CSV is refused or read, and nothing else', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), junk => {
      try {
        readLabelCsv(junk)
      } catch (error) {
        expect((error as { code?: string }).code).toBe('csv-malformed')
      }
    }),
  )
})
