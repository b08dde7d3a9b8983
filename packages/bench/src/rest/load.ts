import { Agent, get, type IncomingMessage } from 'node:http'
import { benchError } from '../errors.ts'
import { quantile } from '../measure/quantile.ts'

export interface Target {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
}

/** One run of requests: latencies in ms, and requests/s over all connections. */
export interface LoadFigures {
  readonly p50Ms: number
  readonly p99Ms: number
  readonly requestsPerSecond: number
}

/** Asks `paths` in turn over so many keep-alive connections, for so long; throws `answer-refused` on any failure. */
export async function load(
  target: Target,
  options: {
    readonly paths: readonly string[]
    readonly connections: number
    readonly seconds: number
    readonly signal: AbortSignal
  },
): Promise<LoadFigures> {
  const { paths, connections, seconds, signal } = options
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const latencies: number[] = []
  const startedMs = performance.now()
  const endMs = startedMs + seconds * 1000
  let next = 0
  const connection = async () => {
    while (performance.now() < endMs) {
      signal.throwIfAborted()
      const askedMs = performance.now()
      await ask(target, paths[next++ % paths.length]!, agent)
      latencies.push(performance.now() - askedMs)
    }
  }
  try {
    await Promise.all(Array.from({ length: connections }, connection))
  } finally {
    agent.destroy()
  }
  return {
    p50Ms: quantile(latencies, 0.5),
    p99Ms: quantile(latencies, 0.99),
    requestsPerSecond: latencies.length / ((performance.now() - startedMs) / 1000),
  }
}

/** The body of a successful answer. */
export function ask({ url, headers }: Target, path: string, agent?: Agent): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
  const receive = async (response: IncomingMessage) => {
    const body = Buffer.concat(await response.toArray())
    const status = response.statusCode!
    if (status !== 200)
      throw benchError('answer-refused', { url: url + path, status, answer: body.toString('utf8', 0, 500) })
    return body
  }
  get(url + path, { headers, ...(agent && { agent }) }, response => receive(response).then(resolve, reject)).on(
    'error',
    reject,
  )
  return promise
}
