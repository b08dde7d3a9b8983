import type { Database } from '@takt/db'
import { DomainError, type Label, type LabelRange, type LabelRow, parseLabelRows } from '@takt/domain'
import { fileSource, findSource, type LabelSource, namesFile, stepNamesOf } from './label-source.ts'

/** What is wrong, and in which row, counted from 1, where it is one row's fault. */
interface RowProblem {
  readonly row?: number
  readonly message: string
}

export interface CheckedRange {
  readonly source: LabelSource
  readonly clock: LabelRange['clock']
  /** Whole milliseconds. */
  readonly startMs: number
  readonly endMs: number
  readonly labels: readonly { readonly step: string; readonly startMs: number; readonly endMs: number }[]
}

export type CheckedLabels =
  | { readonly problems: readonly RowProblem[] }
  | { readonly problems: readonly []; readonly ranges: readonly CheckedRange[] }

/** Resolves sources, parses times and checks names: all problems at once, or ranges to store. */
export async function checkLabels(db: Database, rows: readonly LabelRow[]): Promise<CheckedLabels> {
  const problems: RowProblem[] = []
  const sources = new Map<string, LabelSource>()
  const canonical = [...rows]
  for (const [text, indices] of Map.groupBy(rows.keys(), row => rows[row]!.source.trim())) {
    if (text === '') continue // Parsing says so, with the row.
    const source = namesFile(indices.map(i => rows[i]!)) ? fileProblem(text) : await findSource(db, text)
    if (typeof source === 'string') {
      problems.push({ row: indices[0]! + 1, message: `row ${indices[0]! + 1}: ${source}` })
      continue
    }
    sources.set(source.name, source)
    const names = await stepNamesOf(db, source)
    for (const i of indices) {
      canonical[i] = { ...rows[i]!, source: source.name }
      const label = rows[i]!.label.trim()
      if (names && label !== '' && !names.has(label))
        problems.push({
          row: i + 1,
          message: `row ${i + 1}: ${source.name} has no step "${label}"; its steps are ${[...names].join(', ') || 'not defined yet'}`,
        })
    }
  }
  const parsed = parse(canonical)
  if ('problems' in parsed) problems.push(...parsed.problems)
  if (problems.length > 0 || 'problems' in parsed)
    return { problems: problems.sort((a, b) => (a.row ?? 0) - (b.row ?? 0)) }
  return gather(parsed, sources)
}

/** A file's name is kept as it is given. */
const fileProblem = (text: string): LabelSource | string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it refuses
  text.length > 200 || /[\u0000-\u001f]/.test(text) || !text.isWellFormed()
    ? 'this is no name of a file'
    : fileSource(text)

const parse = (rows: readonly LabelRow[]) => {
  try {
    return parseLabelRows(rows)
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'labels-invalid') throw error
    return {
      problems: (error as DomainError<'labels-invalid'>).values.problems.map(({ row, message }) => ({ row, message })),
    }
  }
}

const earliestMs = Date.UTC(1970, 0, 1)
const latestMs = Date.UTC(2200, 0, 1)

/** Puts each label into its range and cuts times to the millisecond, which must not empty anything. */
const gather = (
  { ranges, labels }: { readonly ranges: readonly LabelRange[]; readonly labels: readonly Label[] },
  sources: ReadonlyMap<string, LabelSource>,
): CheckedLabels => {
  const problems: RowProblem[] = []
  const spans = [...ranges, ...labels]
  for (const { source, startMs, endMs } of spans) {
    if (Math.round(endMs) <= Math.round(startMs))
      problems.push({ message: `something of ${source} is shorter than a millisecond` })
    if (startMs < earliestMs || endMs >= latestMs)
      problems.push({ message: `a time of ${source} is not between 1970 and 2199` })
  }
  if (problems.length > 0) return { problems: problems.slice(0, 20) }
  const bySource = Map.groupBy(labels, label => label.source)
  return {
    problems: [],
    ranges: ranges.map(range => ({
      source: sources.get(range.source)!,
      clock: range.clock,
      startMs: Math.round(range.startMs),
      endMs: Math.round(range.endMs),
      labels: (bySource.get(range.source) ?? [])
        .filter(label => label.startMs >= range.startMs && label.endMs <= range.endMs)
        .map(label => ({ step: label.label, startMs: Math.round(label.startMs), endMs: Math.round(label.endMs) })),
    })),
  }
}
