import { setTimeout as sleep } from 'node:timers/promises'
import { type Database, openDatabase } from '@takt/db'
import { type Plant, startCameras, startPlant } from '@takt/dev-env'
import { cameraUser, inOrder, openApiClient, setUpStations } from '@takt/dev-env/demo'
import type { BenchmarkOptions, Figures } from '../benchmark.ts'
import { keptVideo } from '../ingest/kept-video.ts'
import { benchFilm } from '../material/bench-film.ts'
import { treeCpu } from '../measure/process-cpu.ts'
import { quantile } from '../measure/quantile.ts'
import { significant } from '../measure/round.ts'
import { followFinals } from '../plant/follow-finals.ts'
import { labelAndRelease } from '../plant/label-and-release.ts'

const cores = 2

/** A segment that waits longer than this for its embedding shows that the worker falls behind, s. */
const backlogAfterSeconds = 8

const catchUpWithinMs = 180_000

const services = ['ingest', 'worker', 'segmenter', 'api'] as const

/**
 * So many 1080p25 cameras in real time, each with a released station of its own, through the whole plant beside the
 * simulator that plays them: what a camera costs, and whether the plant keeps up.
 */
export async function carryCameras(
  { stateDir, materialDir, say, signal }: BenchmarkOptions,
  { count, labelSeconds, seconds }: { readonly count: number; readonly labelSeconds: number; readonly seconds: number },
): Promise<Figures> {
  const video = await benchFilm({ seconds: 80, materialDir, signal })
  const names = Array.from({ length: count }, (_, i) => `camera-${i + 1}`)
  await using cameras = await startCameras({
    stateDir,
    signal,
    cameras: names.map(name => ({ name, file: video.file, ...cameraUser })),
  })
  await using plant = await startPlant({ stateDir, durability: 'fast', signal })
  await using db = openDatabase({ url: plant.postgres.url, connections: 2 })
  const api = openApiClient(plant.url, plant.adminKey)
  const station = (name: string) => ({
    name: `station of ${name}`,
    process: `process of ${name}`,
    tasks: inOrder(video),
    views: [{ name: 'top', camera: name, video }],
  })
  const stations = await setUpStations(api, cameras, names.map(station))
  await labelAndRelease({ api, db, cameras, stations, seconds: labelSeconds, say, signal })

  await caughtUp(db, signal)
  say(`${count} cameras in real time for ${seconds} s`)
  const [fromMs, before] = [Date.now(), await cpuOfParts(plant)]
  const finals = await followFinals(api, fromMs + seconds * 1000, signal)
  const [toMs, after] = [Date.now(), await cpuOfParts(plant)]
  const { lostLinks } = await keptVideo(db)
  const { delays, waiting, keptSeconds, embeddedSeconds } = await videoBetween(db, fromMs, toMs)
  // Per second of video that was worked on: a plant that falls behind must not look cheap.
  const perVideoSecond = Object.fromEntries(
    cpuParts.map(part => [part, (after[part] - before[part]) / (part === 'ingest' ? keptSeconds : embeddedSeconds)]),
  ) as Record<CpuPart, number>
  const whole = cpuParts.reduce((sum, part) => sum + perVideoSecond[part], 0)
  return {
    cameras: count,
    keepsUp: waiting === 0 && lostLinks === 0,
    segmentsWaitingTooLong: waiting,
    lostLinks,
    embeddedShareOfKept: significant(embeddedSeconds / keptSeconds),
    closedToEmbeddedSecondsP50: quantileOrNull(delays, 0.5),
    closedToEmbeddedSecondsP95: quantileOrNull(delays, 0.95),
    finals: finals.length,
    stepEndToFinalSecondsP95: quantileOrNull(
      finals.map(({ endMs, seenMs }) => (seenMs - endMs) / 1000),
      0.95,
    ),
    cpuMsPerVideoSecond: Object.fromEntries(cpuParts.map(part => [part, significant(1000 * perVideoSecond[part])])),
    camerasOn2CoresByIngestAndWorker: significant(cores / (perVideoSecond.ingest + perVideoSecond.worker)),
    camerasOn2CoresByWholePlant: significant(cores / whole),
  }
}

const quantileOrNull = (values: readonly number[], q: number) =>
  values.length > 0 ? significant(quantile(values, q)) : null

const cpuParts = [...services, 'postgresAndRedis'] as const
type CpuPart = (typeof cpuParts)[number]

async function cpuOfParts(plant: Plant): Promise<Readonly<Record<CpuPart, number>>> {
  const total = async (pid: number) => (await treeCpu(pid)).total
  const own = await Promise.all(services.map(async name => [name, await total(plant.services[name].pid)] as const))
  const servers = (await total(plant.postgres.pid)) + (await total(plant.redis.pid))
  return { ...(Object.fromEntries(own) as Record<(typeof services)[number], number>), postgresAndRedis: servers }
}

/** Fitting holds embedding up. Waits until that is made good, for a bounded time: a plant that never gets there is measured as it is. */
async function caughtUp(db: Database, signal: AbortSignal): Promise<void> {
  const deadline = Date.now() + catchUpWithinMs
  const behind = () =>
    db.prisma.embedding.count({
      where: { state: { not: 'embedded' }, pendingSince: { lt: new Date(Date.now() - backlogAfterSeconds * 1000) } },
    })
  while (Date.now() < deadline && (await behind()) > 0) await sleep(1000, undefined, { signal })
}

/** Delays, in seconds, of segments from closing to embedding; how many wait too long; and video kept and embedded, in seconds. */
async function videoBetween(db: Database, fromMs: number, toMs: number) {
  interface Row {
    readonly length: number
    readonly closedMs: number
    readonly embeddedMs: number | null
  }
  const ms = (column: string) => `(extract(epoch from ${column}) * 1000)::float8`
  const { rows } = await db.pool.query<Row>(
    `select extract(epoch from s.ends_at - s.starts_at)::float8 as length, ${ms('s.closed_at')} as "closedMs",
       ${ms('e.embedded_at')} as "embeddedMs"
     from embedding e join segment s on s.id = e.segment_id`,
  )
  const within = (at: number | null) => at !== null && at >= fromMs && at < toMs
  const secondsOf = (some: readonly Row[]) => some.reduce((sum, { length }) => sum + length, 0)
  const closed = rows.filter(row => within(row.closedMs))
  return {
    delays: closed.flatMap(({ closedMs, embeddedMs }) => (embeddedMs === null ? [] : (embeddedMs - closedMs) / 1000)),
    waiting: closed.filter(({ closedMs, embeddedMs }) => (embeddedMs ?? toMs) - closedMs > backlogAfterSeconds * 1000)
      .length,
    keptSeconds: secondsOf(closed),
    embeddedSeconds: secondsOf(rows.filter(row => within(row.embeddedMs))),
  }
}
