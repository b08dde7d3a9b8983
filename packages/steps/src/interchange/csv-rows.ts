import { LABEL_LIMITS } from './check-spans.ts'
import { labelFault } from './label-place.ts'

/** A row's cells and the line on which it begins, from 1. */
export type CsvRow = { readonly line: number; readonly cells: readonly string[] }

const format = 'csv'
const MOST_CELLS = 64

const PLAIN = /[^",\r\n]*/y
const DELIMITER = /,|\r\n|\r|\n|$/y

/**
 * The rows of RFC 4180, blank lines left out; line ends may also be a lone CR or LF, and a byte order mark may come
 * first. Throws `labels_unreadable` for quotes out of place, and `labels_too_many`, with the line.
 */
export function csvRows(text: string): readonly CsvRow[] {
  const rows: CsvRow[] = []
  let at = text.startsWith('\ufeff') ? 1 : 0
  let line = 1
  while (at < text.length) {
    const row: CsvRow & { readonly cells: string[] } = { line, cells: [] }
    let delimiter = ','
    while (delimiter === ',') {
      const { cell, end } = text[at] === '"' ? readQuoted(text, at, line) : readPlain(text, at)
      // Only quotes hold line ends.
      if (end > at + cell.length) line += cell.match(/\r\n|\r|\n/g)?.length ?? 0
      row.cells.push(cell)
      if (row.cells.length > MOST_CELLS) throw tooMany(line, `more than ${MOST_CELLS} columns`)
      delimiter = readDelimiter(text, end, line)
      at = end + delimiter.length
    }
    line++
    if (row.cells.length > 1 || row.cells[0] !== '') rows.push(row)
    if (rows.length > LABEL_LIMITS.spans + 1) throw tooMany(row.line, `more than ${LABEL_LIMITS.spans} labels`)
  }
  return rows
}

type Cell = { readonly cell: string; readonly end: number }

function readPlain(text: string, at: number): Cell {
  PLAIN.lastIndex = at
  const cell = PLAIN.exec(text)![0]
  return { cell, end: at + cell.length }
}

/** Two quotes within quotes are one. */
function readQuoted(text: string, at: number, line: number): Cell {
  let close = text.indexOf('"', at + 1)
  while (close !== -1 && text[close + 1] === '"') close = text.indexOf('"', close + 2)
  if (close === -1) throw unreadable(line, text.slice(at, at + 40), 'a quote is not closed')
  return { cell: text.slice(at + 1, close).replaceAll('""', '"'), end: close + 1 }
}

function readDelimiter(text: string, at: number, line: number): string {
  DELIMITER.lastIndex = at
  const found = DELIMITER.exec(text)
  if (found !== null) return found[0]
  throw unreadable(line, text.slice(at, at + 40), 'a quote out of place: cells that hold one are quoted')
}

const unreadable = (line: number, value: string, problem: string) =>
  labelFault('labels_unreadable', { format, at: `line ${line}` }, { value, problem })

const tooMany = (line: number, problem: string) =>
  labelFault('labels_too_many', { format, at: `line ${line}` }, { problem })
