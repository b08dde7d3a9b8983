import type { LabelRow } from '@takt/domain'
import { parse } from 'csv-parse/sync'
import { stringify } from 'csv-stringify/sync'
import { apiError } from '../../errors.ts'

export const labelColumns = ['source', 'start', 'end', 'label'] as const

/** More rows than these are sent in several files: checking them all against each other takes time that others wait for. */
const mostRows = 20_000

/** Reads `source,start,end,label`; row 1 is the first below the heading. Throws `csv-malformed`. */
export function readLabelCsv(text: string): LabelRow[] {
  const records = parseCsv(text)
  const heading = records[0] ?? []
  const places = labelColumns.map(column => heading.findIndex(cell => cell.trim().toLowerCase() === column))
  const missing = labelColumns.filter((_, i) => places[i] === -1)
  if (missing.length > 0)
    throw apiError('csv-malformed', {
      problem: `its heading lacks ${missing.join(', ')}; it has to be ${labelColumns.join(',')}`,
    })
  if (records.length - 1 > mostRows)
    throw apiError('csv-malformed', { problem: `it has ${records.length - 1} rows, more than ${mostRows}` })
  if (records.length === 1) throw apiError('csv-malformed', { problem: 'it has no row below its heading' })
  return records.slice(1).map(cells => {
    const [source, start, end, label] = places.map(place => cells[place] ?? '')
    return { source: source!, start: start!, end: end!, label: label! }
  })
}

const parseCsv = (text: string): string[][] => {
  try {
    return parse(text, {
      bom: true,
      skip_empty_lines: true,
      relax_column_count_less: true,
      max_record_size: 10_000,
    }) as string[][]
  } catch (cause) {
    throw apiError(
      'csv-malformed',
      { problem: cause instanceof Error ? cause.message.slice(0, 200) : 'no reason given' },
      { cause },
    )
  }
}

/** Writes what `readLabelCsv` reads. */
export const writeLabelCsv = (rows: readonly LabelRow[]): string =>
  stringify([labelColumns, ...rows.map(row => [row.source, String(row.start), String(row.end), row.label])])
