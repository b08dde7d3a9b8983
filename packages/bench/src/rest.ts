import { randomBytes } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { isDeepStrictEqual } from 'node:util'
import { migrate } from '@takt/db'
import { freePort, projectRoot, startPostgres, startRedis, startService } from '@takt/dev-env'
import type { Benchmark, BenchmarkOptions, Figures } from './benchmark.ts'
import { benchError } from './errors.ts'
import { compareRounds, type Round } from './rest/compare.ts'
import { ask, load, type Target } from './rest/load.ts'
import { seeded, seededStations, seedPlant } from './rest/seed-plant.ts'

/** Windows that are asked for: a day is the aim; an hour shows what a request costs besides its rows. */
const windows = { day: 86_400_000, hour: 3_600_000 } as const

const connectionCounts = [1, 16] as const

/** Of Postgres, of each rival. */
const databaseConnections = '10'

/** Timings of a station and a day among millions: the API beside the same SQL in a bare fastify with `pg`. */
export const rest: Benchmark = {
  about: 'GET /v1/timings of a station and a day among 10 million, beside the same SQL in a bare fastify with pg',
  run: async options => {
    const { stateDir, millions, say, signal } = options
    await using postgres = await startPostgres({ stateDir, durability: 'fast', signal })
    await using redis = await startRedis({ stateDir, signal })
    await migrate(postgres.url, signal)
    const intervals = Math.round(millions * 1e6)
    say(`writing ${intervals} intervals`)
    await seedPlant(postgres.url, {
      intervals,
      onMonth: month => say(`  month ${month + 1} of ${seeded.months}`),
      signal,
    })

    const adminKey = `takt_bench_${randomBytes(24).toString('hex')}`
    await using api = await startApi({ stateDir, databaseUrl: postgres.url, redisUrl: redis.url, adminKey, signal })
    await using bare = await startBare({ stateDir, databaseUrl: postgres.url, signal })
    const rivals = {
      api: { url: api.url, headers: { authorization: `Bearer ${adminKey}` } },
      bare: { url: bare.url, headers: {} },
    }
    const stations = await seededStations(postgres.url)
    const figures: Record<string, Figures> = {}
    for (const [window, lengthMs] of Object.entries(windows)) {
      const paths = windowPaths(stations, lengthMs)
      const rows = await checkSameRows(rivals, paths.slice(0, 5))
      const perConnections: Record<string, Figures> = {}
      for (const connections of connectionCounts) {
        const rounds = await alternate(rivals, { paths, connections, ...options })
        const compared = compareRounds(rounds)
        perConnections[`connections${connections}`] = compared
        say(`${window}, ${connections} at a time: ${compared.ratio} of bare`)
      }
      figures[window] = { rows, ...perConnections }
    }
    const ratios = connectionCounts.map(
      count => (figures.day as Record<string, { ratio: number }>)[`connections${count}`]!.ratio,
    )
    return { intervals, ratio: Math.min(...ratios), aim: 0.8, ...figures }
  },
}

type Rivals = Readonly<Record<keyof Round, Target>>

/** Rounds of both rivals in turn, each first in every second round. */
async function alternate(
  rivals: Rivals,
  {
    paths,
    connections,
    quick,
    signal,
  }: Pick<BenchmarkOptions, 'quick' | 'signal'> & { readonly paths: readonly string[]; readonly connections: number },
): Promise<readonly Round[]> {
  const common = { paths, connections, signal }
  const { rounds, seconds } = quick ? { rounds: 2, seconds: 0.5 } : { rounds: 5, seconds: 4 }
  for (const rival of Object.values(rivals)) await load(rival, { ...common, seconds: seconds / 2 })
  const found: Round[] = []
  for (let round = 0; round < rounds; round++) {
    const order = round % 2 === 0 ? (['api', 'bare'] as const) : (['bare', 'api'] as const)
    const first = await load(rivals[order[0]], { ...common, seconds })
    const second = await load(rivals[order[1]], { ...common, seconds })
    found.push(order[0] === 'api' ? { api: first, bare: second } : { api: second, bare: first })
  }
  return found
}

/** Every station at windows spread over the year; strides are coprime to the counts, so that neighbours lie apart. */
function windowPaths(stations: readonly string[], lengthMs: number): readonly string[] {
  const count = Math.floor((seeded.to.getTime() - seeded.from.getTime()) / lengthMs)
  return Array.from({ length: 2000 }, (_, i) => {
    const from = seeded.from.getTime() + ((i * 7919) % count) * lengthMs
    const range = `from=${new Date(from).toISOString()}&to=${new Date(from + lengthMs).toISOString()}`
    return `/v1/timings?station=${stations[(i * 13) % stations.length]}&${range}&limit=10000`
  })
}

/** A comparison of speed is worth something only between equal answers. Returns the mean number of rows; throws `answers-differ`. */
async function checkSameRows(rivals: Rivals, paths: readonly string[]): Promise<number> {
  let rows = 0
  for (const path of paths) {
    const [api, bare] = await Promise.all(
      [rivals.api, rivals.bare].map(async rival => JSON.parse((await ask(rival, path)).toString()).items),
    )
    if (!isDeepStrictEqual(api, bare)) throw benchError('answers-differ', { path, api: api.length, bare: bare.length })
    if (api.length === 0) throw benchError('nothing-measured', { what: path })
    rows += api.length
  }
  return rows / paths.length
}

async function startApi(options: {
  readonly stateDir: string
  readonly databaseUrl: string
  readonly redisUrl: string
  readonly adminKey: string
  readonly signal: AbortSignal
}) {
  const { stateDir, databaseUrl, redisUrl, adminKey, signal } = options
  const objects = join(stateDir, 'objects')
  await mkdir(objects, { recursive: true })
  const port = await freePort()
  return startService({
    name: 'api',
    entry: join(projectRoot, 'services/api/src/main.ts'),
    env: {
      DATABASE_URL: databaseUrl,
      DATABASE_CONNECTIONS: databaseConnections,
      REDIS_URL: redisUrl,
      OBJECT_STORE_URL: pathToFileURL(objects).href,
      TAKT_SECRET: randomBytes(24).toString('hex'),
      TAKT_ADMIN_KEY: adminKey,
      API_HOST: '127.0.0.1',
      API_PORT: String(port),
      RATE_LIMIT: '100000000',
      VIDEO_CACHE_DIR: join(stateDir, 'video-cache'),
    },
    stateDir,
    port,
    signal,
  })
}

async function startBare({
  stateDir,
  databaseUrl,
  signal,
}: {
  readonly stateDir: string
  readonly databaseUrl: string
  readonly signal: AbortSignal
}) {
  const port = await freePort()
  return startService({
    name: 'bare',
    entry: fileURLToPath(new URL('./rest/bare-server.ts', import.meta.url)),
    env: { DATABASE_URL: databaseUrl, DATABASE_CONNECTIONS: databaseConnections, PORT: String(port) },
    stateDir,
    port,
    signal,
  })
}
