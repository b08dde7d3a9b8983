import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { openBlobStore } from '@takt/blobs'
import { openDatabase } from '@takt/db'
import { startPlant } from '@takt/dev-env'
import { openJobs } from '@takt/jobs'
import { plantEncoderSpec } from '@takt/nn'
import type { Benchmark } from './benchmark.ts'
import { bareDecodeSeconds } from './embed/bare-decode.ts'
import { bareBatches, bareSessionSeconds } from './embed/bare-session.ts'
import { compareEmbedding, type EmbedRound } from './embed/compare.ts'
import { seedCamera } from './embed/seed-camera.ts'
import { embedByWorker } from './embed/worker-path.ts'
import { cameraVideo } from './material/camera-video.ts'
import { cutSegments } from './material/cut-segments.ts'

const segmentSeconds = 4
const clipSeconds = plantEncoderSpec.frames / 8

/** What the worker spends on a second of 1080p25 video, beside bare decoding and bare inference of the same. */
export const embed: Benchmark = {
  about: 'CPU of the worker per second of 1080p25 video, beside one bare ffmpeg a segment and bare onnxruntime',
  run: async ({ quick, stateDir, materialDir, say, signal }) => {
    const { seconds, rounds } = quick ? { seconds: 16, rounds: 1 } : { seconds: 80, rounds: 5 }
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
    return { videoSeconds, segmentSeconds, aim: 0.85, ...compareEmbedding(found, videoSeconds) }
  },
}
