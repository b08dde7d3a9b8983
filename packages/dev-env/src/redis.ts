import { randomBytes } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { freePort } from './free-port.ts'
import type { RunningServer } from './running-server.ts'
import { startServerProcess, waitUntilReady } from './server-process.ts'

export interface RedisOptions {
  readonly stateDir: string
  readonly signal?: AbortSignal
}

const readyWithinMs = 15_000

/** The system's redis-server with the deployment's settings: a password, an append-only file and no eviction. */
export const startRedis = async ({ stateDir, signal }: RedisOptions): Promise<RunningServer> => {
  const dir = join(stateDir, 'redis')
  await mkdir(dir, { recursive: true })
  const port = await freePort()
  const password = randomBytes(16).toString('hex')
  const server = await startServerProcess({
    name: 'redis',
    command: 'redis-server',
    args: ['-'],
    input: { text: configuration({ port, password, dir }), after: 'close' },
    stateDir,
  })
  const url = `redis://:${password}@127.0.0.1:${port}`
  await waitUntilReady(server, { isReady: () => answers(url), withinMs: readyWithinMs, signal })
  return { url, pid: server.pid, stop: server.stop, [Symbol.asyncDispose]: server.stop }
}

const configuration = ({ port, password, dir }: { port: number; password: string; dir: string }): string =>
  [
    'bind 127.0.0.1',
    `port ${port}`,
    `requirepass ${password}`,
    `dir "${dir}"`,
    'appendonly yes',
    'save ""',
    'maxmemory-policy noeviction',
    '',
  ].join('\n')

/** False while it does not listen, or still loads its file. */
const answers = async (url: string): Promise<boolean> => {
  const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null, maxRetriesPerRequest: 0 })
  client.on('error', () => undefined) // The same failure rejects the call below.
  try {
    await client.connect()
    return (await client.ping()) === 'PONG'
  } catch {
    return false
  } finally {
    client.disconnect()
  }
}
