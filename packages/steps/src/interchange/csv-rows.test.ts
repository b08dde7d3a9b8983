import fc from 'fast-check'
import { expect, it } from 'vitest'
import { csvRows } from './csv-rows.ts'

const cellsOf = (text: string) => csvRows(text).map(({ cells }) => cells)

it('are separated by any line end, the last one or not', () => {
  for (const end of ['\n', '\r\n', '\r']) {
    expect(cellsOf(`a,b${end}c,d`)).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ])
    expect(cellsOf(`a,b${end}${end}c,d${end}`)).toEqual(cellsOf(`a,b${end}c,d`))
  }
})

it('have cells that may be empty, hold commas and line ends in quotes, and quotes as two', () => {
  expect(cellsOf(',"a,""b""\r\nc",\n"",x')).toEqual([
    ['', 'a,"b"\r\nc', ''],
    ['', 'x'],
  ])
})

it('begin on a line, which line ends in quotes count towards', () => {
  expect(csvRows('\ufeffa\n\n"b\nc"\nd\n').map(({ line }) => line)).toEqual([1, 3, 5])
})

it.each([
  ['a\n"b', /line 2, value="\\"b", problem=a quote is not closed/],
  ['a\nb"c', /line 2, value="\\"c", problem=a quote out of place/],
  ['"a"b', /line 1, value="b", problem=a quote out of place/],
  [','.repeat(64), /more than 64 columns/],
])('%j are none', (text, reason) => {
  expect(() => csvRows(text)).toThrow(reason)
})

it('are what was quoted, whatever the cells contain', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', ' ', '\ufeff'), maxLength: 6 })
  fc.assert(
    fc.property(fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 4 }), rows => {
      const quoted = rows.map(cells => cells.map(one => `"${one.replaceAll('"', '""')}"`).join(','))
      expect(cellsOf(quoted.join('\n'))).toEqual(rows)
    }),
  )
})
