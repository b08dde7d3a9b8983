import { DomainError } from './errors.ts'
import type { Label, LabelRange } from './labels.ts'
import type { LabelProblem, LabelProblemCode } from './problems.ts'
import { parseRfc3339 } from './rfc3339.ts'

/** One line of a label file. Times are RFC 3339 with a zone, or seconds from the beginning of a file. */
export interface LabelRow {
  readonly source: string
  readonly start: string | number
  readonly end: string | number
  /** Empty declares a labelled range. */
  readonly label: string
}

export interface ParsedLabels {
  readonly ranges: readonly LabelRange[]
  readonly labels: readonly Label[]
}

/** Reads label rows; `names`, when given, are the only ones allowed. Throws `labels-invalid` with every problem and its row. */
export function parseLabelRows(rows: readonly LabelRow[], names?: ReadonlySet<string>): ParsedLabels {
  const problems: LabelProblem[] = []
  const report = (code: LabelProblemCode, row: number, what: string): void => {
    problems.push({ code, row, message: `row ${row}: ${what}` })
  }
  const parsed = rows.flatMap((row, i) => parseRow(row, i + 1, report) ?? [])
  const sources = [...Map.groupBy(parsed, row => row.source)].map(([source, own]) => {
    const { clock } = own[0]!
    const named = own.filter(row => row.label !== '').sort((a, b) => a.startMs - b.startMs)
    const declared = mergeSpans(own.filter(row => row.label === ''))
    for (const row of own.filter(row => row.clock !== clock))
      report('clocks-mixed', row.row, `source "${source}" has times of day and seconds of a file`)
    checkNamed({ named, declared, names }, report)
    const ranges = (declared.length ? declared : [hull(named)]).map(span => ({ source, clock, ...span }))
    return { ranges, labels: named.map(({ row: _, ...label }): Label => label) }
  })
  if (problems.length) throw new DomainError('labels-invalid', { problems: problems.sort((a, b) => a.row - b.row) })
  return { ranges: sources.flatMap(s => s.ranges), labels: sources.flatMap(s => s.labels) }
}

interface ParsedRow extends Label {
  readonly row: number
}
type Report = (code: LabelProblemCode, row: number, what: string) => void
interface Span {
  readonly startMs: number
  readonly endMs: number
}

function parseRow(row: LabelRow, number: number, report: Report): ParsedRow | null {
  const source = row.source.trim()
  if (source === '') report('source-empty', number, 'the source is empty')
  const start = parseTime(row.start)
  const end = parseTime(row.end)
  if (!start)
    report('time-invalid', number, `start ${JSON.stringify(row.start)} is neither RFC 3339 with a zone nor seconds`)
  if (!end) report('time-invalid', number, `end ${JSON.stringify(row.end)} is neither RFC 3339 with a zone nor seconds`)
  if (!start || !end || source === '') return null
  if (start.clock !== end.clock) {
    report('clocks-mixed', number, 'start and end are of different kinds')
    return null
  }
  if (end.ms <= start.ms) {
    report('end-not-after-start', number, `end ${row.end} is not after start ${row.start}`)
    return null
  }
  return { row: number, source, clock: start.clock, startMs: start.ms, endMs: end.ms, label: row.label.trim() }
}

function checkNamed(
  source: {
    readonly named: readonly ParsedRow[]
    readonly declared: readonly Span[]
    readonly names: ReadonlySet<string> | undefined
  },
  report: Report,
): void {
  const { declared, names } = source
  let previous: ParsedRow | undefined
  for (const row of source.named) {
    if (previous && row.startMs < previous.endMs)
      report('overlap', row.row, `"${row.label}" overlaps "${previous.label}" of row ${previous.row}`)
    if (!previous || row.endMs > previous.endMs) previous = row
    if (declared.length && !declared.some(span => row.startMs >= span.startMs && row.endMs <= span.endMs))
      report('outside-range', row.row, `"${row.label}" lies outside the declared ranges of "${row.source}"`)
    if (names && !names.has(row.label)) report('name-unknown', row.row, `no step is named "${row.label}"`)
  }
}

/** From the first start to the last end; `spans` are in order of their starts. */
const hull = (spans: readonly Span[]): Span => ({
  startMs: spans[0]!.startMs,
  endMs: spans.reduce((latest, span) => Math.max(latest, span.endMs), spans[0]!.endMs),
})

function mergeSpans(spans: readonly Span[]): readonly Span[] {
  const merged: Span[] = []
  for (const { startMs, endMs } of spans.toSorted((a, b) => a.startMs - b.startMs)) {
    const last = merged.at(-1)
    if (!last || startMs > last.endMs) merged.push({ startMs, endMs })
    else merged[merged.length - 1] = { startMs: last.startMs, endMs: Math.max(last.endMs, endMs) }
  }
  return merged
}

const secondsPattern = /^\d{1,9}(\.\d{1,9})?$/
function parseTime(value: string | number): { clock: 'utc' | 'file'; ms: number } | null {
  const text = typeof value === 'number' ? String(value) : value.trim()
  if (secondsPattern.test(text)) return { clock: 'file', ms: Number(text) * 1000 }
  const ms = parseRfc3339(text)
  return ms === null ? null : { clock: 'utc', ms }
}
