import { checkLength, checkSource, checkSpan, checkVideos, orderSpans, type PlacedSpan } from './check-spans.ts'
import { type CsvRow, csvRows } from './csv-rows.ts'
import { type LabelPlace, labelFault } from './label-place.ts'
import { type LabelledVideo, TASK_TIER } from './labelled-video.ts'

const REQUIRED = ['start', 'end', 'label'] as const
const OPTIONAL = ['source', 'tier'] as const
type Column = (typeof REQUIRED)[number] | (typeof OPTIONAL)[number]

const format = 'csv'

/**
 * Reads `start,end,label` in seconds (RFC 4180, any line ends, with or without a byte order mark); the columns stand in
 * any order, and `source` and `tier` may be among them. Videos come in the order of their first rows.
 * Throws `labels_unreadable`, `label_time_invalid`, `label_name_invalid`, `labels_overlap`, `labels_too_many`, with the line.
 */
export function parseLabelCsv(text: string): readonly LabelledVideo[] {
  checkLength(format, text)
  const [heading, ...rows] = csvRows(text)
  const columns = readHeading(heading)
  const read = rows.map(row => readRow(columns, row))
  return [...Map.groupBy(read, ({ source }) => source)].map(([source, placed]) => ({
    source,
    spans: orderSpans(placed),
  }))
}

/** Writes what `parseLabelCsv` reads, `source` and `tier` only where there is one; a video without labels has no row. */
export function printLabelCsv(videos: readonly LabelledVideo[]): string {
  const checked = checkVideos(format, videos)
  const withSource = checked.some(({ source }) => source !== null)
  const withTier = checked.some(({ spans }) => spans.some(({ tier }) => tier !== TASK_TIER))
  const shown = (source: string, rest: readonly string[], tier: string): string =>
    [...(withSource ? [source] : []), ...rest, ...(withTier ? [tier] : [])].map(quote).join(',')
  const rows = checked.flatMap(({ source, spans }) =>
    spans.map(({ startSeconds, endSeconds, label, tier }) =>
      shown(source ?? '', [String(startSeconds), String(endSeconds), label], tier),
    ),
  )
  return `${[shown('source', REQUIRED, 'tier'), ...rows].join('\n')}\n`
}

/** RFC 4180, 2.6 and 2.7; names hold no line breaks. A first cell with spaces in front stays what it is when quoted. */
const quote = (cell: string): string => (/[",]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)

function readHeading(row: CsvRow | undefined): ReadonlyMap<Column, number> {
  const place = { format, at: `line ${row?.line ?? 1}` } as const
  const columns = new Map<Column, number>()
  for (const [i, cell] of (row?.cells ?? []).entries()) {
    const column = [...REQUIRED, ...OPTIONAL].find(name => name === cell.trim().toLowerCase())
    if (column === undefined) {
      const problem = /[;\t]/.test(cell) ? 'columns are separated by commas' : 'no such column'
      throw labelFault('labels_unreadable', place, { value: cell, problem })
    }
    if (columns.has(column)) throw labelFault('labels_repeat', place, { value: cell, problem: 'a column twice' })
    columns.set(column, i)
  }
  const missing = REQUIRED.filter(name => !columns.has(name))
  if (missing.length > 0) {
    const problem = `the heading lacks ${missing.join(', ')}`
    throw labelFault('labels_unreadable', place, { value: row?.cells ?? [], problem })
  }
  return columns
}

function readRow(
  columns: ReadonlyMap<Column, number>,
  { line, cells }: CsvRow,
): PlacedSpan & { source: string | null } {
  const place = { format, at: `line ${line}` } as const
  if (cells.length !== columns.size) {
    const hint = cells.length > columns.size ? ': decimal commas, or a label that is not quoted?' : ''
    const problem = `${cells.length} fields under ${columns.size} columns${hint}`
    throw labelFault('labels_unreadable', place, { value: cells, problem })
  }
  const cell = (column: Column): string => cells[columns.get(column) ?? -1]?.trim() ?? ''
  const span = {
    startSeconds: readSeconds(place, cell('start')),
    endSeconds: readSeconds(place, cell('end')),
    label: cell('label'),
    tier: cell('tier') || TASK_TIER,
  }
  const source = cell('source')
  return { ...checkSpan(place, span), source: source === '' ? null : checkSource(place, source) }
}

function readSeconds(place: LabelPlace, text: string): number {
  if (/^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text)) return Number(text)
  const problem = /^[+-]?\d+,\d+$/.test(text) ? 'a decimal comma: seconds are written 1.5' : 'not a number of seconds'
  throw labelFault('label_time_invalid', place, { value: text, problem })
}
