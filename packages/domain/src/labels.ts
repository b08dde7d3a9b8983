import { DomainError } from './errors.ts'
import { stepMs } from './grid.ts'

/** Labelled time is declared: inside a range, what has no label is background; outside, it is unknown. */
export interface LabelRange {
  /** A camera, a station or a file. */
  readonly source: string
  /** What the times count from: the Unix epoch, or the beginning of the file. */
  readonly clock: 'utc' | 'file'
  readonly startMs: number
  readonly endMs: number
}

export interface Label extends LabelRange {
  readonly label: string
}

export const unknownClass = -1
export const backgroundClass = 0

/**
 * The class of each slot `[fromSlot, toSlot)`: −1 outside the ranges, 0 for background, else the index in `classes`
 * (whose first entry is the background) of the label that covers the slot's middle. All of one source.
 */
export function labelsToSteps(request: {
  readonly ranges: readonly Pick<LabelRange, 'startMs' | 'endMs'>[]
  readonly labels: readonly Pick<Label, 'startMs' | 'endMs' | 'label'>[]
  readonly classes: readonly string[]
  readonly fromSlot: number
  readonly toSlot: number
}): Int16Array {
  const { classes, fromSlot, toSlot } = request
  const steps = new Int16Array(Math.max(0, toSlot - fromSlot)).fill(unknownClass)
  const paint = (
    span: { readonly startMs: number; readonly endMs: number },
    value: number,
    over: (old: number) => boolean,
  ): void => {
    const first = Math.max(fromSlot, firstMiddleAtOrAfter(span.startMs))
    const last = Math.min(toSlot, firstMiddleAtOrAfter(span.endMs))
    for (let slot = first; slot < last; slot++) if (over(steps[slot - fromSlot]!)) steps[slot - fromSlot] = value
  }
  for (const range of request.ranges) paint(range, backgroundClass, () => true)
  for (const label of request.labels) {
    const index = classes.indexOf(label.label, 1)
    if (index < 0) throw new DomainError('label-without-class', { label: label.label, classes })
    paint(label, index, old => old !== unknownClass)
  }
  return steps
}

/** The first slot whose middle, (n + ½)·250 ms, is not before a time. */
const firstMiddleAtOrAfter = (ms: number): number => Math.ceil(ms / stepMs - 0.5)

/** One line of a label file. Times are RFC 3339 with a zone, or seconds from the beginning of a file. */
export interface LabelRow {
  readonly source: string
  readonly start: string | number
  readonly end: string | number
  /** Empty declares a labelled range. */
  readonly label: string
}

export type LabelProblemCode =
  | 'source-empty'
  | 'time-invalid'
  | 'clocks-mixed'
  | 'end-not-after-start'
  | 'overlap'
  | 'outside-range'
  | 'name-unknown'

export interface LabelProblem {
  readonly code: LabelProblemCode
  /** Which row, from 1. */
  readonly row: number
  readonly message: string
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
  const parsed: ParsedRow[] = []
  rows.forEach((row, i) => {
    const line = parseRow(row, i + 1, report)
    if (line) parsed.push(line)
  })
  const ranges: LabelRange[] = []
  const labels: Label[] = []
  for (const [source, lines] of Map.groupBy(parsed, line => line.source)) {
    const named = lines.filter(line => line.label !== '').sort((a, b) => a.startMs - b.startMs)
    const declared = lines.filter(line => line.label === '')
    const { clock } = lines[0]!
    for (const line of lines)
      if (line.clock !== clock)
        report('clocks-mixed', line.row, `source "${source}" has times of day and seconds of a file`)
    checkNamed(named, declared, names, report)
    labels.push(...named.map(({ row: _, ...label }) => label))
    ranges.push(...(declared.length ? mergeSpans(declared) : [hull(named)]).map(span => ({ source, clock, ...span })))
  }
  if (problems.length) throw new DomainError('labels-invalid', { problems: problems.sort((a, b) => a.row - b.row) })
  return { ranges, labels }
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
  named: readonly ParsedRow[],
  declared: readonly Span[],
  names: ReadonlySet<string> | undefined,
  report: Report,
): void {
  const inside = mergeSpans(declared)
  let previous: ParsedRow | undefined
  for (const line of named) {
    if (previous && line.startMs < previous.endMs)
      report('overlap', line.row, `"${line.label}" overlaps "${previous.label}" of row ${previous.row}`)
    if (!previous || line.endMs > previous.endMs) previous = line
    if (inside.length && !inside.some(span => line.startMs >= span.startMs && line.endMs <= span.endMs))
      report('outside-range', line.row, `"${line.label}" lies outside the declared ranges of "${line.source}"`)
    if (names && !names.has(line.label)) report('name-unknown', line.row, `no step is named "${line.label}"`)
  }
}

const hull = (spans: readonly Span[]): Span => ({
  startMs: Math.min(...spans.map(span => span.startMs)),
  endMs: Math.max(...spans.map(span => span.endMs)),
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
const rfc3339Pattern = /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2}:\d{2})(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})$/

function parseTime(value: string | number): { clock: 'utc' | 'file'; ms: number } | null {
  const text = typeof value === 'number' ? String(value) : value.trim()
  if (secondsPattern.test(text)) return { clock: 'file', ms: Number(text) * 1000 }
  const ms = parseRfc3339(text)
  return ms === null ? null : { clock: 'utc', ms }
}

/** Milliseconds since the epoch of an RFC 3339 time with a zone, or `null`. Days that do not exist are refused. */
export function parseRfc3339(text: string): number | null {
  const [, day, time, fraction, zone] = rfc3339Pattern.exec(text) ?? []
  if (!day || !time || !zone) return null
  const local = Date.parse(`${day}T${time}Z`)
  if (Number.isNaN(local) || !new Date(local).toISOString().startsWith(`${day}T${time}`)) return null
  const ms = Date.parse(`${day}T${time}${zone.toUpperCase()}`)
  return Number.isNaN(ms) ? null : ms + Number(`0${fraction ?? ''}`) * 1000
}
