import { join } from 'node:path'
import { stateDirectoryPath } from '@takt/dev-env'

/** Where benchmarks keep state that may go, and videos that are rendered once. */
export const benchDirectory = (): string => join(stateDirectoryPath(), 'bench')

/** The Python with torch that rivals run in, where `--python` does not say. */
export const rivalPython = (env: NodeJS.ProcessEnv = process.env): string | undefined =>
  env.TAKT_BENCH_PYTHON || undefined

/** What the bare server of `rest` is started with. */
export const bareServerConfig = (env: NodeJS.ProcessEnv = process.env) => ({
  databaseUrl: env.DATABASE_URL ?? '',
  connections: Number(env.DATABASE_CONNECTIONS),
  port: Number(env.PORT),
})
