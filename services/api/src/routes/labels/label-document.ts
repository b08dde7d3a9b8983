import type { LabelRow } from '@takt/domain'
import { z } from 'zod'
import { line, name, time } from '../../http/fields.ts'

/** An instant, or seconds from the beginning of a file. */
const givenTime = () =>
  z
    .union([z.string().min(1).max(40), z.number().min(0).max(1e9)])
    .describe('RFC 3339 with a zone; or, where the source is a file, seconds from its beginning.')

const shownTime = () => z.union([time(), z.number()])

export const newRange = z.strictObject({
  source: line(200).describe('A station or a camera, by id or name; or the name of a file.'),
  start: givenTime(),
  end: givenTime(),
  labels: z
    .array(z.strictObject({ step: name(), start: givenTime(), end: givenTime() }))
    .max(5000)
    .describe('What lies in the range and in no label is background. What lies outside is unknown.'),
  author: name().optional().describe("The key's name where it is left out."),
})

export const rangeDocument = z
  .object({
    id: z.string(),
    sourceKind: z.enum(['station', 'camera', 'file']),
    source: z.string().describe('The name; the id where the name is ambiguous or gone.'),
    sourceId: z.string().nullable(),
    start: shownTime(),
    end: shownTime(),
    labels: z.array(z.object({ id: z.string(), step: z.string(), start: shownTime(), end: shownTime() })),
    author: z.string().nullable(),
    createdAt: time(),
  })
  .meta({ id: 'LabelRange' })

export type RangeDocument = z.output<typeof rangeDocument>

interface SpanRow {
  readonly startsAt: Date | null
  readonly endsAt: Date | null
  readonly startSeconds: number | null
  readonly endSeconds: number | null
}

export interface RangeRow extends SpanRow {
  readonly id: string
  readonly sourceKind: string
  readonly source: string
  readonly author: string | null
  readonly createdAt: Date
  readonly labels: readonly (SpanRow & { readonly id: string; readonly step: string })[]
}

export const presentRange = (row: RangeRow, sourceName: string): RangeDocument => ({
  id: row.id,
  sourceKind: row.sourceKind as RangeDocument['sourceKind'],
  source: sourceName,
  sourceId: row.sourceKind === 'file' ? null : row.source,
  ...presentSpan(row),
  labels: row.labels
    .map(label => ({ id: label.id, step: label.step, ...presentSpan(label) }))
    .sort((a, b) => (a.start < b.start ? -1 : 1)),
  author: row.author,
  createdAt: row.createdAt.toISOString(),
})

const presentSpan = (span: SpanRow) =>
  span.startsAt && span.endsAt
    ? { start: span.startsAt.toISOString(), end: span.endsAt.toISOString() }
    : { start: span.startSeconds ?? 0, end: span.endSeconds ?? 0 }

/** A range as lines of a label file: itself without a label, then its labels. */
export const rowsOf = ({
  source,
  start,
  end,
  labels,
}: Pick<RangeDocument, 'source' | 'start' | 'end' | 'labels'>): LabelRow[] => [
  { source, start, end, label: '' },
  ...labels.map(label => ({ source, start: label.start, end: label.end, label: label.step })),
]
