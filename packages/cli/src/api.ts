import type { CliConfig } from './config.ts'
import { cliError } from './errors.ts'

export interface Api {
  readonly json: <Answer>(path: string, body?: unknown) => Promise<Answer>
  readonly text: (path: string, request: { readonly accept: string; readonly csv?: string }) => Promise<string>
}

/** The REST API. Throws `api-unreachable`, or `api-refused` with the problem's own words. */
export function openApi({ url, key }: CliConfig): Api {
  const send = async (path: string, init: RequestInit): Promise<string> => {
    const headers = { authorization: `Bearer ${key}`, ...init.headers }
    const response = await fetch(new URL(path, url), { ...init, headers, signal: AbortSignal.timeout(60_000) }).catch(
      (cause: Error) => {
        const reason = cause.cause instanceof Error ? cause.cause.message : cause.message
        throw cliError('api-unreachable', { url, reason }, { cause })
      },
    )
    const text = await response.text()
    if (!response.ok) throw cliError('api-refused', { path, status: response.status, detail: detailOf(text) })
    return text
  }
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
    text: (path, { accept, csv }) =>
      send(
        path,
        csv === undefined
          ? { headers: { accept } }
          : { method: 'POST', headers: { accept, 'content-type': 'text/csv' }, body: csv },
      ),
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
