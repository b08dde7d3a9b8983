import { stringify } from 'csv-stringify/sync'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { negotiate } from './negotiate.ts'
import { nextLink, type Page } from './page.ts'

/** The columns of a CSV: heading and cell. */
export type CsvColumns<Item> = Readonly<Record<string, (item: Item) => string | number | boolean | null>>

const toCsv = <Item>(items: readonly Item[], columns: CsvColumns<Item>): string =>
  stringify([Object.keys(columns), ...items.map(item => Object.values(columns).map(cell => cellText(cell(item))))])

const cellText = (value: string | number | boolean | null): string => (value === null ? '' : String(value))

export const csvType = 'text/csv'
const jsonOrCsv = ['application/json', csvType] as const

/** Answers with a page as JSON or CSV, as the request accepts; both carry a link to the next page. */
export const sendPage = <Item>(
  request: FastifyRequest,
  reply: FastifyReply,
  { page, columns }: { readonly page: Page<Item>; readonly columns: CsvColumns<Item> },
): FastifyReply => {
  const type = negotiate(request.headers.accept, jsonOrCsv)
  const link = nextLink(request.url, page.next)
  reply.header('vary', 'Accept')
  if (link) reply.header('link', link)
  if (type === csvType) return reply.type('text/csv; charset=utf-8').serializer(String).send(toCsv(page.items, columns))
  return reply.send(page)
}
