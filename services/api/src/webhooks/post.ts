import http from 'node:http'
import https from 'node:https'
import type { LookupFunction } from 'node:net'

/** What a receiver answered. */
export interface Answer {
  readonly status: number
  /** `Retry-After`, in ms, where it gave one in seconds. */
  readonly retryAfterMs: number | null
}

export interface Post {
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly lookup: LookupFunction
  readonly signal: AbortSignal
}

/** Posts once, follows nothing, and reads nothing of the answer but its head: a receiver cannot fill our memory. */
export const post = ({ url, headers, body, lookup, signal }: Post): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const bytes = Buffer.from(body)
    const send = url.protocol === 'https:' ? https.request : http.request
    const request = send(url, {
      method: 'POST',
      headers: { ...headers, 'content-length': bytes.length },
      lookup,
      signal,
      agent: false,
    })
    request.once('error', reject)
    request.once('response', response => {
      const seconds = Number(response.headers['retry-after'] ?? Number.NaN)
      resolve({
        status: response.statusCode!,
        retryAfterMs: Number.isInteger(seconds) && seconds >= 0 ? seconds * 1000 : null,
      })
      request.destroy()
    })
    request.end(bytes)
  })
