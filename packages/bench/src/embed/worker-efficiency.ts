import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { openBlobStore } from '@takt/blobs'
import { openDatabase } from '@takt/db'
import { startPlant } from '@takt/dev-env'
import { openJobs } from '@takt/jobs'
import { plantEncoderSpec } from '@takt/nn'
import type { BenchmarkOptions } from '../benchmark.ts'
import { cameraVideo } from '../material/camera-video.ts'
import { cutSegments } from '../material/cut-segments.ts'
import { bareDecodeSeconds } from './bare-decode.ts'
import { bareBatches, bareSessionSeconds } from './bare-session.ts'
import { compareEmbedding, type EmbedRound } from './compare.ts'
import { seedCamera } from './seed-camera.ts'
import { embedByWorker } from './worker-path.ts'

const segmentSeconds = 4
const clipSeconds = plantEncoderSpec.frames / 8

/** Rounds of bare decoding, bare inference and the worker over the same video, one after the other. */
export async function workerEfficiency(
  { stateDir, materialDir, say, signal }: BenchmarkOptions,
  { seconds, rounds }: { readonly seconds: number; readonly rounds: number },
) {
  say(`rendering ${seconds} s of 1080p25`)
  const video = await cameraVideo({ seconds, materialDir, signal })
  const segments = await cutSegments(video, { directory: join(stateDir, 'cut'), seconds: segmentSeconds, signal })
  const videoSeconds = segments.reduce((sum, segment) => sum + segment.durationSeconds, 0)

  await using plant = await startPlant({ stateDir, durability: 'fast', signal })
  await using db = openDatabase({ url: plant.postgres.url, connections: 4 })
  await using blobs = await openBlobStore(pathToFileURL(plant.objects))
  await using jobs = await openJobs({ redisUrl: plant.redis.url })
  const filmedFromMs = Date.now() - 3_600_000
  const camera = await seedCamera(db, 'bench', filmedFromMs)
  const bench = { plant, db, blobs, jobs, camera, signal }
  say('warming the worker up')
  await embedByWorker(bench, { segments, startMs: filmedFromMs })

  const found: EmbedRound[] = []
  const clips = videoSeconds / clipSeconds
  for (let round = 1; round <= rounds; round++) {
    const decode = await bareDecodeSeconds(segments, { size: plantEncoderSpec.inputSize, signal })
    const session: Record<string, number> = {}
    for (const batch of bareBatches) session[`batch${batch}`] = await bareSessionSeconds({ clips, batch, signal })
    const startMs = filmedFromMs + Math.round(round * videoSeconds * 1000)
    found.push({ decode, session, worker: await embedByWorker(bench, { segments, startMs }) })
    say(`round ${round} of ${rounds}`)
  }
  return { videoSeconds, segmentSeconds, ...compareEmbedding(found, videoSeconds) }
}
