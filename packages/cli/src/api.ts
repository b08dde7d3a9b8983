import type { CliConfig } from './config.ts'
import { cliError } from './errors.ts'

export interface Api {
  readonly json: <Answer>(path: string, body?: unknown) => Promise<Answer>
  /** The pages of a listing as CSV, one after the other, each with its heading. */
  readonly csvPages: (path: string) => AsyncIterable<string>
  readonly text: (path: string, request: { readonly accept: string; readonly csv?: string }) => Promise<string>
  /** Posts bytes. */
  readonly send: <Answer>(path: string, body: Uint8Array<ArrayBuffer>) => Promise<Answer>
  readonly bytes: (path: string) => Promise<Uint8Array>
}

const USUAL_MS = 60_000
/** For an encoder's weights, which are up to 2 GiB. */
const LONG_MS = 600_000

/** The REST API. Throws `api-unreachable`, or `api-refused` with the problem's own words. */
export function openApi({ url, key }: CliConfig): Api {
  const ask = async (path: string, init: RequestInit, timeoutMs: number): Promise<Response> => {
    const headers = { authorization: `Bearer ${key}`, ...init.headers }
    const response = await fetch(new URL(path, url), {
      ...init,
      headers,
      signal: AbortSignal.timeout(timeoutMs),
    }).catch((cause: Error) => {
      const reason = cause.cause instanceof Error ? cause.cause.message : cause.message
      throw cliError('api-unreachable', { url, reason }, { cause })
    })
    if (response.ok) return response
    throw cliError('api-refused', { path, status: response.status, detail: detailOf(await response.text()) })
  }
  const send = async (path: string, init: RequestInit): Promise<string> => (await ask(path, init, USUAL_MS)).text()
  return {
    json: async (path, body) =>
      JSON.parse(
        await send(
          path,
          body === undefined
            ? {}
            : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
        ),
      ),
    csvPages: async function* (first) {
      for (let path: string | undefined = first; path !== undefined; ) {
        const response: Response = await ask(path, { headers: { accept: 'text/csv' } }, USUAL_MS)
        yield await response.text()
        path = /<([^>]+)>; rel="next"/.exec(response.headers.get('link') ?? '')?.[1]
      }
    },
    text: (path, { accept, csv }) =>
      send(
        path,
        csv === undefined
          ? { headers: { accept } }
          : { method: 'POST', headers: { accept, 'content-type': 'text/csv' }, body: csv },
      ),
    send: async <Answer>(path: string, body: Uint8Array<ArrayBuffer>) => {
      const headers = { 'content-type': 'application/octet-stream' }
      return (await (await ask(path, { method: 'POST', headers, body }, LONG_MS)).json()) as Answer
    },
    bytes: async path => new Uint8Array(await (await ask(path, {}, LONG_MS)).arrayBuffer()),
  }
}

function detailOf(text: string): string {
  try {
    const problem = JSON.parse(text) as { detail?: string; details?: unknown }
    return `${problem.detail ?? text}${problem.details ? ` ${JSON.stringify(problem.details)}` : ''}`
  } catch {
    // Something between us and the API answered in its own words.
    return text.slice(0, 300)
  }
}
