import { setTimeout as sleep } from 'node:timers/promises'
import { openDatabase } from '@takt/db'
import { type Plant, startCameras, startPlant } from '@takt/dev-env'
import { openApiClient } from '@takt/dev-env/demo'
import type { Benchmark } from './benchmark.ts'
import { type BareCapture, startBareCapture } from './ingest/bare-capture.ts'
import { keptVideo } from './ingest/kept-video.ts'
import { type MemorySample, memoryTrend } from './ingest/memory-trend.ts'
import { cameraVideo } from './material/camera-video.ts'
import { cpuBetween, type TreeCpu, treeCpu } from './measure/process-cpu.ts'
import { residentMegabytes } from './measure/process-memory.ts'
import { significant } from './measure/round.ts'

/** Between the starts of cameras, so that segments do not all close at once. */
const staggerMs = 250
const sampleEveryMs = 5_000

/** What ingest spends on a camera, beside the bare ffmpeg command on the same cameras at the same time. */
export const ingest: Benchmark = {
  about:
    'CPU of ingest per 1080p25 camera-minute, beside the bare ffmpeg command on the same cameras; 16 cameras for 3 minutes',
  run: async ({ quick, stateDir, materialDir, say, signal }) => {
    const size = quick
      ? { cameras: 2, bare: 1, warmUpSeconds: 12, seconds: 15, filmSeconds: 16 }
      : { cameras: 16, bare: 4, warmUpSeconds: 30, seconds: 180, filmSeconds: 80 }
    const file = await cameraVideo({ seconds: size.filmSeconds, materialDir, signal })
    const names = Array.from({ length: size.cameras }, (_, i) => `camera-${i + 1}`)
    await using cameras = await startCameras({ stateDir, signal, cameras: names.map(name => ({ name, file })) })
    await using plant = await startPlant({ stateDir, durability: 'fast', signal })
    await using db = openDatabase({ url: plant.postgres.url, connections: 2 })

    say(`${size.cameras} cameras, ${size.bare} of them recorded by a bare ffmpeg too`)
    const api = openApiClient(plant.url, plant.adminKey)
    await using captures = new AsyncDisposableStack()
    const bare: BareCapture[] = []
    for (const name of names) {
      await api.post('/v1/cameras', { name, url: cameras.url(name) })
      if (bare.length < size.bare) bare.push(captures.use(await startBareCapture(cameras.url(name), stateDir)))
      await sleep(staggerMs, undefined, { signal })
    }
    await sleep(size.warmUpSeconds * 1000, undefined, { signal })

    say(`measuring for ${size.seconds} s`)
    const [before, startedMs] = [await readCpu(plant, bare), performance.now()]
    const memory = await sampleMemory(plant.services.ingest.pid, { seconds: size.seconds, signal })
    const [after, minutes] = [await readCpu(plant, bare), (performance.now() - startedMs) / 60_000]
    const used = cpuBetween(before.ingest, after.ingest)
    const perCameraMinute = (cpuSeconds: number, count = size.cameras) => cpuSeconds / count / minutes
    const [own, rival] = [perCameraMinute(used.total), perCameraMinute(after.bare - before.bare, size.bare)]
    return {
      cameras: size.cameras,
      minutes: significant(minutes),
      ratio: significant(own / rival),
      aim: 1.3,
      cpuSecondsPerCameraMinute: {
        ingest: significant(own),
        bareFfmpeg: significant(rival),
        ingestNode: significant(perCameraMinute(used.own)),
        ingestFfmpeg: significant(perCameraMinute(used.living + used.reaped)),
        postgresAndRedis: significant(perCameraMinute(after.servers - before.servers)),
      },
      kept: { ...(await keptVideo(db)) },
      memoryOfIngest: memoryTrend(memory),
    }
  },
}

interface CpuReading {
  readonly ingest: TreeCpu
  readonly bare: number
  readonly servers: number
}

async function readCpu(plant: Plant, bare: readonly BareCapture[]): Promise<CpuReading> {
  const total = async (pid: number) => (await treeCpu(pid)).total
  const totals = await Promise.all(bare.map(({ pid }) => total(pid)))
  return {
    ingest: await treeCpu(plant.services.ingest.pid),
    bare: totals.reduce((sum, one) => sum + one, 0),
    servers: (await total(plant.postgres.pid)) + (await total(plant.redis.pid)),
  }
}

async function sampleMemory(
  pid: number,
  { seconds, signal }: { readonly seconds: number; readonly signal: AbortSignal },
): Promise<readonly MemorySample[]> {
  const samples: MemorySample[] = []
  const startedMs = performance.now()
  for (let atMs = 0; atMs <= seconds * 1000; atMs += sampleEveryMs) {
    await sleep(Math.max(0, startedMs + atMs - performance.now()), undefined, { signal })
    samples.push({ minutes: (performance.now() - startedMs) / 60_000, megabytes: await residentMegabytes(pid) })
  }
  return samples
}
