import { join } from 'node:path'
import pg from 'pg'
import { freePort } from './free-port.ts'
import { findPostgresBinaries } from './postgres-binaries.ts'
import { postgresUser, prepareCluster } from './postgres-cluster.ts'
import type { RunningServer } from './running-server.ts'
import { startServerProcess, waitUntilReady } from './server-process.ts'
import { withoutRoot } from './unprivileged.ts'

/** `survives-power-loss` for data that matters; `fast` for tests, where a crash of the machine may lose the cluster. */
export type Durability = 'survives-power-loss' | 'fast'

export interface PostgresOptions {
  readonly stateDir: string
  readonly durability: Durability
  readonly signal?: AbortSignal
}

/** `url` names the database `takt`. */
export interface Postgres extends RunningServer {
  /** Makes the database unless it is there and returns its URL; the name is lower-case letters, digits and `_`. */
  createDatabase(name: string): Promise<string>
}

const readyWithinMs = 30_000

const settings: Readonly<Record<Durability, readonly string[]>> = {
  'survives-power-loss': [],
  fast: ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'],
}

/** PostgreSQL 18 with its cluster in the state directory, on 127.0.0.1 only. */
export const startPostgres = async ({ stateDir, durability, signal }: PostgresOptions): Promise<Postgres> => {
  const binaries = findPostgresBinaries()
  const { directory, password } = await prepareCluster({ binaries, path: join(stateDir, 'postgres'), signal })
  const port = await freePort()
  const common = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'max_connections=200', 'timezone=UTC']
  const server = await startServerProcess({
    name: 'postgres',
    ...withoutRoot({
      command: binaries.postgres,
      args: ['-D', directory, '-p', String(port), ...[...common, ...settings[durability]].flatMap(s => ['-c', s])],
    }),
    stateDir,
    stopSignal: 'SIGINT', // "Fast": ends sessions and shuts down cleanly.
  })
  const urlOf = (database: string) => `postgresql://${postgresUser}:${password}@127.0.0.1:${port}/${database}`
  const createDatabase = async (name: string) => {
    if (!/^[a-z][a-z0-9_]{0,62}$/.test(name)) throw new TypeError(`${JSON.stringify(name)} is no database name`)
    await createUnlessThere(urlOf('postgres'), name)
    return urlOf(name)
  }
  await waitUntilReady(server, { isReady: () => answers(urlOf('postgres')), withinMs: readyWithinMs, signal })
  const url = await createDatabase('takt')
  return { url, pid: server.pid, createDatabase, stop: server.stop, [Symbol.asyncDispose]: server.stop }
}

const answers = async (url: string): Promise<boolean> => {
  try {
    await query(url, 'SELECT 1')
    return true
  } catch {
    return false
  }
}

const duplicateDatabase = '42P04'

const createUnlessThere = async (url: string, name: string): Promise<void> => {
  try {
    await query(url, `CREATE DATABASE "${name}"`)
  } catch (error) {
    if ((error as { code?: string }).code !== duplicateDatabase) throw error
  }
}

const query = async (url: string, sql: string): Promise<void> => {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 })
  client.on('error', () => undefined) // The same failure rejects the call below.
  try {
    await client.connect()
    await client.query(sql)
  } finally {
    await client.end().catch(() => undefined)
  }
}
