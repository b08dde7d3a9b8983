import type { PageKey } from '@takt/db/listing'
import { z } from 'zod'
import { apiError } from '../errors.ts'

/** A page of a listing: `next` is the cursor of the page after, `null` on the last one. */
export interface Page<Item> {
  readonly items: readonly Item[]
  readonly next: string | null
}

export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item).readonly(), next: z.string().nullable() })

/** Cuts what was read with one item more than asked for. */
export const cutPage = <Item>(
  rows: readonly Item[],
  limit: number,
  keyOf: (last: Item) => readonly unknown[],
): Page<Item> => {
  if (rows.length <= limit) return { items: rows, next: null }
  const items = rows.slice(0, limit)
  return { items, next: encodeKey(keyOf(items.at(-1)!)) }
}

const encodeKey = (key: readonly unknown[]): string => Buffer.from(JSON.stringify(key)).toString('base64url')

/** Reads a cursor as the key that its listing wrote; throws `page-token-refused`. */
export const readCursor = <Key extends z.ZodType>(
  schema: Key,
  cursor: string | undefined,
): z.output<Key> | undefined => {
  if (cursor === undefined) return undefined
  const parsed = schema.safeParse(parseJson(Buffer.from(cursor, 'base64url').toString()))
  if (!parsed.success) throw apiError('page-token-refused')
  return parsed.data
}

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw apiError('page-token-refused', undefined, { cause })
  }
}

const startAndId = z.tuple([z.iso.datetime({ precision: 3 }), z.guid()])

/** The key of listings in the order of start and id. */
export const readStartCursor = (cursor: string | undefined): PageKey | undefined => {
  const key = readCursor(startAndId, cursor)
  if (!key) return undefined
  const startsAt = new Date(key[0])
  if (Number.isNaN(startsAt.getTime())) throw apiError('page-token-refused')
  return { startsAt, id: key[1] }
}

export const startKey = (item: { readonly startTime: string; readonly id: string }) => [item.startTime, item.id]

/** An RFC 8288 link to the next page, so that CSV readers find it too. */
export const nextLink = (url: string, next: string | null): string | null => {
  if (next === null) return null
  const [path, query] = url.split('?')
  const search = new URLSearchParams(query)
  search.set('cursor', next)
  return `<${path}?${search}>; rel="next"`
}
