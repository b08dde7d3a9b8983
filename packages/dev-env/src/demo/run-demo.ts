import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Cameras, startCameras } from '../cameras.ts'
import { startPlant } from '../plant.ts'
import type { DemoAdaptation } from './adapt-encoder.ts'
import { adaptStations } from './adapt-stations.ts'
import { openApiClient } from './api-client.ts'
import type { ComparedStep } from './compare.ts'
import { demoStations } from './demo-stations.ts'
import { demoError } from './errors.ts'
import { labelStations, releaseHeads } from './fit-heads.ts'
import { cameraUser, type PlantStation, setUpStations } from './set-up-stations.ts'
import { type DemoSummary, summarise } from './summary.ts'

export interface DemoOptions {
  readonly stateDir: string
  /** Length of the part that is labelled. */
  readonly labelSeconds: number
  /** Length of the part that is timed. */
  readonly liveSeconds: number
  /** How long the encoder is trained on the stations' own video before they are timed; null: not at all. */
  readonly adaptMinutes: number | null
  readonly say: (line: string) => void
  readonly signal: AbortSignal
}

export interface DemoResult {
  readonly rows: readonly ComparedStep[]
  readonly summary: DemoSummary & { readonly adaptation?: DemoAdaptation }
  readonly urls: Readonly<Record<'reference' | 'timings' | 'metrics', string>>
  readonly adminKey: string
}

/** Videos loop after this long: a little more than what a run shows. */
const filmMinutes = 5

/** An adaptation shows this much more beside its budget: what is embedded anew, and the cycle that a switch waits for. */
const adaptingFilmMinutes = 4

/** Longest step of the demo's stations: what began before the release may end so much later. */
const settleMs = 4_000

/**
 * From nothing to timings: a plant with three stations on real video, labelled by its own truth for a while, then timed
 * live and compared. `hold` is called with the result while the plant is still up.
 */
export async function runDemo(options: DemoOptions, hold: (result: DemoResult) => Promise<void>): Promise<void> {
  const { stateDir, adaptMinutes, say, signal } = options
  for (const part of ['postgres', 'redis', 'objects', 'spool', 'video-cache', 'logs'])
    await rm(join(stateDir, part), { recursive: true, force: true })
  say('composing video of three stations')
  const stations = await demoStations({
    stateDir,
    minutes: filmMinutes + (adaptMinutes === null ? 0 : adaptingFilmMinutes + Math.ceil(adaptMinutes)),
    signal,
    onRendered: video => say(`  ${video}`),
  })

  say('starting the plant')
  await using plant = await startPlant({ stateDir, durability: 'fast', signal, onUp: part => say(`  ${part} is up`) })
  await using cameras = await startCameras({
    stateDir,
    signal,
    cameras: stations.flatMap(station =>
      station.views.map(view => ({ name: view.camera, file: view.video.file, ...cameraUser })),
    ),
  })
  say('  cameras are up')
  const api = openApiClient(plant.url, plant.adminKey)
  const known = await setUpStations(api, cameras, stations)

  const filmFromMs = await firstCovered(api, known, signal)
  await countDown('filming the part that is labelled', filmFromMs + options.labelSeconds * 1000, { say, signal })
  const labels = await labelStations(api, cameras, known, { fromMs: filmFromMs, toMs: Date.now() })
  say(`fitting a head for each station to ${labels} labelled steps`)
  await releaseHeads(api, known, { withinMs: 600_000, signal })
  const adaptation =
    adaptMinutes === null ? null : await adaptStations(api, known, { minutes: adaptMinutes, say, signal })

  const range = { fromMs: Date.now() + settleMs, toMs: Date.now() + settleMs + options.liveSeconds * 1000 }
  for (const camera of filmsBegunAnew(cameras, known, range.toMs))
    say(`  the film of ${camera} has begun anew: this machine is slow, and what is timed was seen before`)
  await countDown('timing live video', range.toMs, { say, signal })
  await completeThrough(api, known, range.toMs, { say, signal })
  const compared = await summarise(api, cameras, known, range)
  await hold({
    rows: compared.rows,
    summary: { ...compared.summary, ...(adaptation && { adaptation }) },
    urls: {
      reference: `${plant.url}/reference`,
      timings: `${plant.url}/v1/timings?station=${known[0]!.id}`,
      metrics: `${plant.url}/metrics`,
    },
    adminKey: plant.adminKey,
  })
}

/** Cameras whose film does not last up to an instant: beyond it they show again what was labelled. */
const filmsBegunAnew = (cameras: Cameras, stations: readonly PlantStation[], atMs: number): readonly string[] =>
  stations
    .flatMap(station => station.views)
    .filter(({ camera, video }) => atMs - cameras.epochUtcMs(camera) > video.lengthSeconds * 1000)
    .map(view => view.camera)

interface Camera {
  readonly id: string
  readonly name: string
  readonly state: string
  readonly stateDetail: string | null
}

/** When every camera's chain has begun: the first instant that all stations are seen. */
async function firstCovered(
  api: ReturnType<typeof openApiClient>,
  stations: readonly PlantStation[],
  signal: AbortSignal,
): Promise<number> {
  const ids = stations.flatMap(station => station.cameraIds)
  const deadline = Date.now() + 60_000
  for (;;) {
    const starts = await Promise.all(ids.map(id => coverageStart(api, id)))
    if (starts.every(start => start !== null)) return Math.max(...starts)
    if (Date.now() > deadline) {
      const cameras = await Promise.all(ids.map(id => api.get<Camera>(`/v1/cameras/${id}`)))
      const silent = cameras.filter((_, i) => starts[i] === null)
      throw demoError('cameras-silent', {
        cameras: silent.map(({ name, state, stateDetail }) => `${name}: ${state} ${stateDetail ?? ''}`).join('; '),
      })
    }
    await sleep(500, undefined, { signal })
  }
}

async function coverageStart(api: ReturnType<typeof openApiClient>, camera: string): Promise<number | null> {
  const range = `from=${new Date(Date.now() - 3_600_000).toISOString()}&to=${new Date().toISOString()}`
  const { links } = await api.get<{ links: { startTime: string; state: string }[] }>(
    `/v1/cameras/${camera}/coverage?${range}`,
  )
  const first = links.find(link => link.state === 'observed')
  return first ? Date.parse(first.startTime) : null
}

async function countDown(
  what: string,
  untilMs: number,
  { say, signal }: { readonly say: DemoOptions['say']; readonly signal: AbortSignal },
): Promise<void> {
  for (let leftMs = untilMs - Date.now(); leftMs > 0; leftMs = untilMs - Date.now()) {
    say(`${what}: ${Math.ceil(leftMs / 1000)} s left`)
    await sleep(Math.min(leftMs, 15_000), undefined, { signal })
  }
}

/** Waits until every station is complete up to an instant; throws `stations-behind`. */
async function completeThrough(
  api: ReturnType<typeof openApiClient>,
  stations: readonly PlantStation[],
  untilMs: number,
  { say, signal }: { readonly say: DemoOptions['say']; readonly signal: AbortSignal },
): Promise<void> {
  const deadline = Date.now() + 90_000
  say('waiting until every station is complete')
  for (const station of stations)
    for (;;) {
      const status = await api.get<{ completeThrough: string | null }>(`/v1/stations/${station.id}/status`)
      if (status.completeThrough && Date.parse(status.completeThrough) >= untilMs) break
      if (Date.now() > deadline)
        throw demoError('stations-behind', {
          station: station.name,
          completeThrough: status.completeThrough ?? 'never',
        })
      await sleep(500, undefined, { signal })
    }
}
