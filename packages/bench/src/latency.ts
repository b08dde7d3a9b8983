import { dirname } from 'node:path'
import { pathToFileURL } from 'node:url'
import { openBlobStore } from '@takt/blobs'
import { openDatabase } from '@takt/db'
import { composeStation, startCameras, startPlant } from '@takt/dev-env'
import { cameraUser, compareStation, type DemoStation, inOrder, openApiClient, setUpStations } from '@takt/dev-env/demo'
import { decodeHead } from '@takt/timeline'
import type { Benchmark, Figures } from './benchmark.ts'
import { benchError } from './errors.ts'
import { provisionalDelays } from './latency/provisional-delays.ts'
import { segmentTimes } from './latency/segment-times.ts'
import { latencyParts, splitLatency, totalSeconds } from './latency/split-latency.ts'
import { median, quantile } from './measure/quantile.ts'
import { significant } from './measure/round.ts'
import { followFinals } from './plant/follow-finals.ts'
import { followProvisionals } from './plant/follow-provisionals.ts'
import { labelAndRelease } from './plant/label-and-release.ts'

/** What the limit allows besides the segment's length and the decoder's lag, s. */
const allowance = 2
const stepSeconds = 0.25

/** From an embedding's commit to a provisional interval that a reader of REST sees, at most, s. */
const provisionalWithin = 0.5

/** From a step's true end in front of the camera to its final interval in REST, and where the time goes. */
export const latency: Benchmark = {
  about: "from a step's end in front of the camera to its final interval in REST, against segment length + lag + 2 s",
  run: async ({ quick, stateDir, materialDir, say, signal }) => {
    const { labelSeconds, liveSeconds } = quick
      ? { labelSeconds: 45, liveSeconds: 60 }
      : { labelSeconds: 85, liveSeconds: 180 }
    say('composing the video of a station')
    const video = await composeStation({
      stateDir: dirname(materialDir),
      seed: 2,
      minutes: 4,
      person: 'hooded-jumper',
      signal,
    })
    await using cameras = await startCameras({
      stateDir,
      signal,
      cameras: [{ name: 'front', file: video.file, ...cameraUser }],
    })
    await using plant = await startPlant({ stateDir, durability: 'fast', signal })
    await using db = openDatabase({ url: plant.postgres.url, connections: 2 })
    const api = openApiClient(plant.url, plant.adminKey)
    const station: DemoStation = {
      name: 'signs',
      process: 'signs',
      tasks: inOrder(video),
      views: [{ name: 'front', camera: 'front', video }],
    }
    const stations = await setUpStations(api, cameras, [station])
    await labelAndRelease({ api, db, cameras, stations, seconds: labelSeconds, say, signal })

    const lagSeconds = await lagOf(plant.objects, db)
    const fromMs = Date.now()
    say(`timing live video for ${liveSeconds} s`)
    const untilMs = fromMs + liveSeconds * 1000
    const [finals, told] = await Promise.all([
      followFinals(api, untilMs, signal),
      followProvisionals(api, stations[0]!.id, untilMs, signal),
    ])
    const rows = await compareStation(api, cameras, stations[0]!, {
      fromMs,
      toMs: Date.now() - 1000 * (lagSeconds + 8),
    })
    const trueEnds = new Map(
      rows.flatMap(({ truth, timing }) => (truth && timing ? [[timing.id, truth.endMs] as const] : [])),
    )
    const segments = await segmentTimes(db, stations[0]!.cameraIds[0]!)
    const delays = provisionalDelays(segments, told)
    const found = finals.flatMap(final => {
      const endMs = trueEnds.get(final.id)
      return endMs === undefined ? [] : (splitLatency({ ...final, endMs }, segments) ?? [])
    })
    if (found.length === 0 || delays.length === 0)
      throw benchError('nothing-measured', {
        what: `${finals.length} final intervals, none matches a true step; ${told.length} provisional ones`,
      })

    const segmentSeconds = median(segments.map(({ startMs, endMs }) => endMs - startMs)) / 1000
    const limitSeconds = segmentSeconds + lagSeconds + allowance
    const totals = spread(found, totalSeconds)
    return {
      steps: found.length,
      ratio: significant(totals.p95Seconds / limitSeconds),
      aim: 1,
      limitSeconds: significant(limitSeconds),
      segmentSeconds: significant(segmentSeconds),
      lagSeconds,
      ...totals,
      provisional: {
        embeddings: delays.length,
        withinSeconds: provisionalWithin,
        seen: spread(delays, one => one.seen),
        recorded: spread(delays, one => one.recorded),
      },
      parts: Object.fromEntries(latencyParts.map(part => [part, spread(found, one => one[part])])) satisfies Figures,
    }
  },
}

const spread = <T>(found: readonly T[], of: (one: T) => number) => ({
  p50Seconds: significant(quantile(found.map(of), 0.5)),
  p95Seconds: significant(quantile(found.map(of), 0.95)),
})

/** How much video the released head wants to see after a step before it is final: look-ahead of the normaliser and lag of the decoder. */
async function lagOf(objects: string, db: ReturnType<typeof openDatabase>): Promise<number> {
  const { objectKey } = await db.prisma.head.findFirstOrThrow({ where: { state: 'ready' } })
  await using blobs = await openBlobStore(pathToFileURL(objects))
  const { lookAheadSteps, lagSteps } = decodeHead(objectKey!, await blobs.get(objectKey!))
  return (lookAheadSteps + lagSteps) * stepSeconds
}
