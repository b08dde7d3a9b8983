import { z } from 'zod'
import type { RouteContext } from '../../context.ts'
import { found } from '../../http/database-refusals.ts'
import { cutPage, type Page, readCursor } from '../../http/page.ts'
import { presentRange, type RangeDocument } from './label-document.ts'
import { findSource, sourceNames } from './label-source.ts'

/** A range with its labels; throws `not-found`. */
export const showRange = async ({ db }: RouteContext, id: string): Promise<RangeDocument> => {
  const row = found(
    await db.prisma.labelRange.findUnique({ where: { id }, include: { labels: true } }),
    'labelled range',
    id,
  )
  const names = await sourceNames(db, [row])
  return presentRange(row, names.get(row.source)!)
}

interface RangeQuery {
  readonly source?: string | undefined
  readonly from?: Date | undefined
  readonly to?: Date | undefined
  readonly cursor?: string | undefined
  readonly limit: number
}

/** Ranges in the order of their making: ids are in the order of time. */
export const listRanges = async (
  { db }: RouteContext,
  { source, from, to, cursor, limit }: RangeQuery,
): Promise<Page<RangeDocument>> => {
  const after = readCursor(z.tuple([z.guid()]), cursor)
  const place = source === undefined ? undefined : await findSource(db, source)
  // A text that names no station or camera may be the name of a file.
  const keys = source === undefined ? undefined : typeof place === 'string' ? [source] : [place!.key, source]
  const rows = await db.prisma.labelRange.findMany({
    where: {
      ...(keys && { source: { in: keys } }),
      ...(after && { id: { gt: after[0] } }),
      ...(from && { endsAt: { gt: from } }),
      ...(to && { startsAt: { lt: to } }),
    },
    orderBy: { id: 'asc' },
    take: limit + 1,
    include: { labels: true },
  })
  const names = await sourceNames(db, rows)
  const page = cutPage(rows, limit, last => [last.id])
  return { items: page.items.map(row => presentRange(row, names.get(row.source)!)), next: page.next }
}
