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

  say(`${count} cameras in real time for ${seconds} s`)
  const [fromMs, before] = [Date.now(), await cpuOfParts(plant)]
  const finals = await followFinals(api, fromMs + seconds * 1000, signal)
  const [after, elapsedSeconds] = [await cpuOfParts(plant), (Date.now() - fromMs) / 1000]
  const perCameraSecond = (part: keyof CpuOfParts) => (after[part] - before[part]) / count / elapsedSeconds
  const parts = Object.fromEntries(
    Object.keys(before).map(part => [part, significant(1000 * perCameraSecond(part as keyof CpuOfParts))]),
  )
  const whole = Object.keys(before).reduce((sum, part) => sum + perCameraSecond(part as keyof CpuOfParts), 0)
  const { delays, waiting } = await embeddingDelays(db, fromMs)
  const { lostLinks } = await keptVideo(db)
  return {
    cameras: count,
    keepsUp: waiting === 0 && lostLinks === 0,
    waitingTooLong: waiting,
    lostLinks,
    closedToEmbeddedSecondsP50: quantileOrNull(delays, 0.5),
    closedToEmbeddedSecondsP95: quantileOrNull(delays, 0.95),
    finals: finals.length,
    stepEndToFinalSecondsP95: quantileOrNull(
      finals.map(({ endMs, seenMs }) => (seenMs - endMs) / 1000),
      0.95,
    ),
    cpuMsPerCameraSecond: parts,
    camerasOn2CoresByIngestAndWorker: significant(cores / (perCameraSecond('ingest') + perCameraSecond('worker'))),
    camerasOn2CoresByWholePlant: significant(cores / whole),
  }
}

const quantileOrNull = (values: readonly number[], q: number) =>
  values.length > 0 ? significant(quantile(values, q)) : null

type CpuOfParts = Readonly<Record<(typeof services)[number] | 'postgresAndRedis', number>>

async function cpuOfParts(plant: Plant): Promise<CpuOfParts> {
  const total = async (pid: number) => (await treeCpu(pid)).total
  const own = await Promise.all(services.map(async name => [name, await total(plant.services[name].pid)] as const))
  const servers = (await total(plant.postgres.pid)) + (await total(plant.redis.pid))
  return { ...(Object.fromEntries(own) as Record<(typeof services)[number], number>), postgresAndRedis: servers }
}

/** Seconds from a segment's close to its embedding, of those closed since; and how many wait too long by now. */
async function embeddingDelays(db: Database, sinceMs: number) {
  const { rows } = await db.pool.query<{ seconds: number | null; age: number }>(
    `select extract(epoch from e.embedded_at - s.closed_at)::float8 as seconds, extract(epoch from now() - s.closed_at)::float8 as age
     from embedding e join segment s on s.id = e.segment_id where s.closed_at >= $1`,
    [new Date(sinceMs)],
  )
  return {
    delays: rows.flatMap(({ seconds }) => seconds ?? []),
    waiting: rows.filter(({ seconds, age }) => (seconds ?? age) > backlogAfterSeconds).length,
  }
}
