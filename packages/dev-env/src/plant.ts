import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { migrate } from '@takt/db'
import { childEnvironment, projectRoot } from './config.ts'
import { freePort } from './free-port.ts'
import { plantSecrets } from './plant-secrets.ts'
import { type Postgres, startPostgres } from './postgres.ts'
import { startRedis } from './redis.ts'
import type { RunningServer } from './running-server.ts'
import { type SupervisedService, startService } from './supervise.ts'

export const serviceNames = ['ingest', 'worker', 'segmenter', 'api'] as const
export type ServiceName = (typeof serviceNames)[number]

/** A whole plant in processes of this machine: real Postgres and Redis, a directory as object store, the four services. */
export interface Plant extends AsyncDisposable {
  readonly postgres: Postgres
  readonly redis: RunningServer
  readonly services: Readonly<Record<ServiceName, SupervisedService>>
  /** Of the REST API. */
  readonly url: string
  /** Opens every route of the API. */
  readonly adminKey: string
  readonly segmenterAddress: string
  readonly objects: string
  readonly spool: string
  /** Another replica of a service, beside the first; stopped with the plant. */
  readonly addReplica: (name: Exclude<ServiceName, 'ingest'>, label: string) => Promise<SupervisedService>
}

export interface PlantOptions {
  readonly stateDir: string
  readonly durability: 'survives-power-loss' | 'fast'
  /** Added to the environment of single services. */
  readonly env?: Partial<Record<ServiceName, Readonly<Record<string, string>>>>
  /** Told of each part that is up. */
  readonly onUp?: (part: string) => void
  readonly signal?: AbortSignal
}

/** Starts everything on free ports and waits until it is ready. What has started is stopped when a later part fails. */
export async function startPlant({ stateDir, durability, env = {}, onUp, signal }: PlantOptions): Promise<Plant> {
  await using started = new AsyncDisposableStack()
  const objects = join(stateDir, 'objects')
  const spool = join(stateDir, 'spool')
  await Promise.all([objects, spool].map(path => mkdir(path, { recursive: true })))
  const [postgres, redis] = await Promise.all([
    startPostgres({ stateDir, durability, ...(signal && { signal }) }),
    startRedis({ stateDir, ...(signal && { signal }) }),
  ])
  started.use(postgres)
  started.use(redis)
  onUp?.('PostgreSQL and Redis')
  await migrate(postgres.url, signal)
  onUp?.('database schema')

  const { sealing, adminKey } = await plantSecrets(stateDir)
  const shared: Readonly<Record<string, string>> = {
    ...childEnvironment(),
    DATABASE_URL: postgres.url,
    REDIS_URL: redis.url,
    OBJECT_STORE_URL: pathToFileURL(objects).href,
    TAKT_SECRET: sealing,
    HEALTH_HOST: '127.0.0.1',
  }
  const grpcPort = await freePort()
  const particular: Record<ServiceName, (port: number) => Record<string, string>> = {
    ingest: port => ({ HEALTH_PORT: String(port), SPOOL_DIRECTORY: spool }),
    worker: port => ({ HEALTH_PORT: String(port) }),
    segmenter: port => ({ HEALTH_PORT: String(port), GRPC_ADDRESS: `127.0.0.1:${grpcPort}` }),
    api: port => ({
      API_HOST: '127.0.0.1',
      API_PORT: String(port),
      TAKT_ADMIN_KEY: adminKey,
      SEGMENTER_ADDRESS: `127.0.0.1:${grpcPort}`,
      VIDEO_CACHE_DIR: join(stateDir, 'video-cache'),
    }),
  }
  const start = async (
    owner: AsyncDisposableStack,
    name: ServiceName,
    label: string,
    overrides: Readonly<Record<string, string>> = {},
  ) => {
    const port = await freePort()
    const service = await startService({
      name: label,
      entry: join(projectRoot, 'services', name, 'src/main.ts'),
      env: { ...shared, ...particular[name](port), ...env[name], ...overrides },
      stateDir,
      port,
      ...(signal && { signal }),
    })
    owner.use(service)
    onUp?.(label)
    return service
  }
  const services = Object.fromEntries(
    await Promise.all(serviceNames.map(async name => [name, await start(started, name, name)] as const)),
  ) as Record<ServiceName, SupervisedService>
  const owned = started.move()
  return {
    postgres,
    redis,
    services,
    url: services.api.url,
    adminKey,
    segmenterAddress: `127.0.0.1:${grpcPort}`,
    objects,
    spool,
    addReplica: async (name, label) => {
      const address = `127.0.0.1:${await freePort()}`
      return start(owned, name, label, name === 'segmenter' ? { GRPC_ADDRESS: address } : {})
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}
