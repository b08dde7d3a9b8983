import type { Database, Transaction } from '@takt/db'
import { apiError } from '../../errors.ts'
import type { CheckedRange } from './check-labels.ts'

/** What became of the ranges, in their order. */
export interface StoredRange {
  readonly id: string
  /** False where the same range with the same labels was there already. */
  readonly added: boolean
}

/**
 * Stores ranges, all or none. A range that is there already, labels and all, stays as it is, so that storing twice
 * equals storing once; one that overlaps another is refused (`label-range-overlaps`), for one of the two would be wrong.
 */
export const storeLabels = (db: Database, ranges: readonly CheckedRange[], author: string): Promise<StoredRange[]> =>
  db.prisma.$transaction(
    async tx => {
      // In one order everywhere, so that two imports cannot wait for each other.
      for (const key of [...new Set(ranges.map(range => range.source.key))].sort())
        await tx.$queryRaw`select pg_advisory_xact_lock(hashtextextended(${`labels ${key}`}, 0))::text`
      const stored: StoredRange[] = []
      for (const range of ranges) stored.push(await storeRange(tx, range, author))
      return stored
    },
    { timeout: 30_000 },
  )

const storeRange = async (tx: Transaction, range: CheckedRange, author: string): Promise<StoredRange> => {
  const start = columnsOf(range, range)
  const overlapping = await tx.labelRange.findMany({
    where: {
      sourceKind: range.source.kind,
      source: range.source.key,
      ...(range.clock === 'utc'
        ? { startsAt: { lt: new Date(range.endMs) }, endsAt: { gt: new Date(range.startMs) } }
        : { startSeconds: { lt: range.endMs / 1000 }, endSeconds: { gt: range.startMs / 1000 } }),
    },
    include: { labels: true },
    take: 10,
  })
  const same = overlapping.length === 1 && fingerprint(overlapping[0]!) === fingerprint(rowsOf(range))
  if (same) return { id: overlapping[0]!.id, added: false }
  if (overlapping.length > 0)
    throw apiError('label-range-overlaps', { source: range.source.name, ranges: overlapping.map(({ id }) => id) })
  const { id } = await tx.labelRange.create({
    data: { sourceKind: range.source.kind, source: range.source.key, author, ...start },
    select: { id: true },
  })
  await tx.label.createMany({
    data: range.labels.map(label => ({ rangeId: id, step: label.step, ...columnsOf(range, label) })),
  })
  return { id, added: true }
}

interface Span {
  readonly startMs: number
  readonly endMs: number
}

interface Columns {
  readonly startsAt: Date | null
  readonly endsAt: Date | null
  readonly startSeconds: number | null
  readonly endSeconds: number | null
}

const columnsOf = ({ clock }: Pick<CheckedRange, 'clock'>, { startMs, endMs }: Span): Columns =>
  clock === 'utc'
    ? { startsAt: new Date(startMs), endsAt: new Date(endMs), startSeconds: null, endSeconds: null }
    : { startsAt: null, endsAt: null, startSeconds: startMs / 1000, endSeconds: endMs / 1000 }

const rowsOf = (range: CheckedRange) => ({
  ...columnsOf(range, range),
  labels: range.labels.map(label => ({ step: label.step, ...columnsOf(range, label) })),
})

/** Says all of a range and its labels, whatever their order. */
const fingerprint = (range: Columns & { readonly labels: readonly (Columns & { readonly step: string })[] }): string =>
  JSON.stringify([spanText(range), range.labels.map(label => `${spanText(label)} ${label.step}`).sort()])

const spanText = ({ startsAt, endsAt, startSeconds, endSeconds }: Columns): string =>
  `${startsAt?.getTime() ?? startSeconds} ${endsAt?.getTime() ?? endSeconds}`
