import { demoError } from './errors.ts'

/** The REST API as an MES would use it: JSON in and out. */
export interface ApiClient {
  readonly get: <Answer>(path: string) => Promise<Answer>
  readonly post: <Answer>(path: string, body: unknown) => Promise<Answer>
  readonly put: <Answer>(path: string, body: unknown) => Promise<Answer>
  /** All items of a listing, page by page. */
  readonly list: <Item>(path: string) => Promise<Item[]>
}

const answerWithinMs = 30_000

/** Throws `api-refused` with the problem's detail for any answer that is not a success. */
export function openApiClient(url: string, key: string): ApiClient {
  const send = async <Answer>(method: string, path: string, body?: unknown): Promise<Answer> => {
    const response = await fetch(new URL(path, url), {
      method,
      headers: { authorization: `Bearer ${key}`, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(answerWithinMs),
    })
    const text = await response.text()
    if (!response.ok)
      throw demoError('api-refused', { method, path, status: response.status, answer: text.slice(0, 500) })
    return JSON.parse(text) as Answer
  }
  return {
    get: path => send('GET', path),
    post: (path, body) => send('POST', path, body),
    put: (path, body) => send('PUT', path, body),
    list: async <Item>(path: string) => {
      const items: Item[] = []
      let cursor: string | null = null
      do {
        const separator = path.includes('?') ? '&' : '?'
        const page: { items: Item[]; next: string | null } = await send(
          'GET',
          cursor === null ? path : `${path}${separator}cursor=${encodeURIComponent(cursor)}`,
        )
        items.push(...page.items)
        cursor = page.next
      } while (cursor !== null)
      return items
    },
  }
}
