import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { slotOf } from '@takt/domain'
import { connectSegmenter } from '@takt/rpc'
import { Redis } from 'ioredis'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Cameras, startCameras } from '../src/cameras.ts'
import { type ApiClient, openApiClient } from '../src/demo/api-client.ts'
import { inOrder } from '../src/demo/demo-stations.ts'
import { labelStations, releaseHeads } from '../src/demo/fit-heads.ts'
import { cameraUser, type PlantStation, setUpStations } from '../src/demo/set-up-stations.ts'
import { composeStation } from '../src/material/compose.ts'
import { type Plant, startPlant } from '../src/plant.ts'

/** One plant under all the first faults, one after the other, while video flows. */
describe('a plant under faults', () => {
  const resources = new AsyncDisposableStack()
  let plant: Plant
  let cameras: Cameras
  let api: ApiClient
  let station: PlantStation
  let sql: pg.Pool
  const camera = () => station.views[0]!.camera
  const cameraId = () => station.cameraIds[0]!

  beforeAll(async () => {
    const stateDir = await mkdtemp(join(tmpdir(), 'takt-faults-'))
    resources.defer(() => rm(stateDir, { recursive: true, force: true }))
    const video = await composeStation({ stateDir, seed: 7, minutes: 1, person: 'hooded-jumper' })
    plant = resources.use(
      await startPlant({
        stateDir,
        durability: 'fast',
        env: { worker: { JOB_LOCK: '3s', JOB_STALLED_INTERVAL: '2s', SWEEP_INTERVAL: '2s', SWEEP_AFTER: '5s' } },
      }),
    )
    const view = { name: 'front', camera: 'front', video }
    cameras = resources.use(
      await startCameras({ stateDir, cameras: [{ name: view.camera, file: video.file, ...cameraUser }] }),
    )
    api = openApiClient(plant.url, plant.adminKey)
    sql = new pg.Pool({ connectionString: plant.postgres.url, max: 3 })
    // Postgres may go before the pool at the end: its broken connections are no failure of the test.
    sql.on('error', () => {})
    resources.defer(() => sql.end())
    ;[station] = (await setUpStations(api, cameras, [
      { name: 'signs', process: 'signs', tasks: inOrder(video), views: [view] },
    ])) as [PlantStation]
    await until('a minute of video is covered', async () => (await observedSeconds()) >= 64, 120_000)
    const filmedFromMs = Date.parse((await coverage())[0]!.startTime)
    await labelStations(api, cameras, [station], { fromMs: filmedFromMs, toMs: Date.now() - 8_000 })
    await releaseHeads(api, [station], { withinMs: 60_000, signal: AbortSignal.timeout(90_000) })
    await until('the first interval is final', async () => (await intervals()).length > 0)
  }, 400_000)

  afterAll(() => resources.disposeAsync(), 60_000)

  it('embeds everything although a worker is killed in mid-job', async () => {
    await until('a job is running', async () => (await metric('worker', 'takt_embeddings_total')) > 0)
    plant.services.worker.kill('SIGKILL')
    await plant.services.worker.exited
    await sleep(6_000)
    await plant.services.worker.restart()
    await settled()
    expect(await slotStates()).toEqual(['embedded'])
  })

  it('goes on where it was when api and segmenter restart while intervals flow', async () => {
    const before = await intervals()
    plant.services.segmenter.kill('SIGKILL')
    plant.services.api.kill('SIGKILL')
    await Promise.all([plant.services.segmenter.restart(), plant.services.api.restart()])
    await until('intervals flow again', async () => (await intervals()).length > before.length)
    expect(await intervals()).toEqual(expect.arrayContaining(before))
  })

  it('records nothing twice when a second recorder runs by mistake and the first one wakes up again', async () => {
    const second = await plant.addReplica('api', 'api-2')
    const beside = openApiClient(second.url, plant.adminKey)
    const before = (await intervals()).length
    // Stopped, the first one keeps its place in Postgres until its connection is cut: then the second one takes over.
    plant.services.api.kill('SIGSTOP')
    try {
      await sql.query(
        `select pg_terminate_backend(l.pid) from pg_locks l where l.locktype = 'advisory' and l.classid = $1`,
        [0x74616b74],
      )
      await until('the second recorder records', async () => (await intervals(beside)).length > before)
    } finally {
      plant.services.api.kill('SIGCONT')
    }
    await sleep(5_000)
    await second.stop()
    const taken = (await intervals()).length
    await until('the first one goes on', async () => (await intervals()).length > taken)
    expect(await doubled()).toEqual([])
  })

  it('loses no work when Redis is flushed', async () => {
    const redis = new Redis(plant.redis.url)
    await redis.flushall()
    await redis.quit()
    await settled()
    expect(await slotStates()).toEqual(['embedded'])
  })

  it('says exactly what was lost when a camera is unplugged and back', async () => {
    const unpluggedMs = Date.now()
    await cameras.unplug(camera())
    await until('the camera is reported', async () => (await state()) !== 'streaming')
    await sleep(5_000)
    await cameras.plug(camera())
    const pluggedMs = Date.now()
    await until('the camera streams again', async () => (await state()) === 'streaming', 60_000)
    await until(
      'video is covered again',
      async () => Date.parse((await coverage()).at(-1)!.endTime) > pluggedMs + 4_000,
    )
    const lost = (await coverage()).filter(link => link.state === 'lost')
    const lostMs = lost.reduce((sum, link) => sum + Date.parse(link.endTime) - Date.parse(link.startTime), 0)
    expect(lost.length).toBeGreaterThan(0)
    expect(lost.every(link => link.reason !== null)).toBe(true)
    // The outage, the part of a segment that ffmpeg had not closed, and the reconnect.
    expect(lostMs).toBeGreaterThan(pluggedMs - unpluggedMs - 1_000)
    expect(lostMs).toBeLessThan(pluggedMs - unpluggedMs + 20_000)
    await settled()
    const cut = (await intervals()).filter(interval => interval.censored !== 'none')
    expect(cut.every(interval => interval.durationMs === null)).toBe(true)
  })

  it('buries a truncated, an empty and a non-video segment, lists them, and times on', async () => {
    plant.services.worker.kill('SIGSTOP')
    // What came before the stop may be in the worker's hands already.
    const broken = await waitForPending(3, new Date())
    const [truncated, empty, text] = broken.map(row => join(plant.objects, row.object_key))
    await truncate(truncated!, 300)
    await truncate(empty!, 0)
    await writeFile(text!, 'this is not a video')
    plant.services.worker.kill('SIGCONT')
    await until('three slots are dead', async () => (await dead()).length === 3, 180_000)
    expect((await dead()).map(slot => slot.segmentId).sort()).toEqual(broken.map(row => row.segment_id).sort())
    expect((await dead()).every(slot => (slot.error ?? '').length > 0)).toBe(true)
    const deadUntilMs = Date.now()
    await until('timings go on behind them', async () =>
      (await intervals()).some(interval => Date.parse(interval.endTime) > deadUntilMs),
    )
  }, 300_000)

  it('has lost, doubled and forgotten nothing in the end', async () => {
    await settled()
    const { summary } = await api.get<{ summary: { unaccountedMs: number } }>(
      `/v1/cameras/${cameraId()}/coverage?from=${iso(Date.now() - 1_200_000)}&to=${iso(Date.now())}`,
    )
    expect(summary.unaccountedMs).toBe(0)
    expect(await doubled()).toEqual([])
    expect(await gapsInChain()).toEqual([])
    expect(await cleanDecodeDiffers()).toEqual([])
  })

  interface Link {
    readonly startTime: string
    readonly endTime: string
    readonly state: 'observed' | 'lost'
    readonly reason: string | null
  }

  interface Published {
    readonly id: string
    readonly step: string
    readonly startTime: string
    readonly endTime: string
    readonly durationMs: number | null
    readonly censored: string
  }

  async function coverage(): Promise<Link[]> {
    const range = `from=${iso(Date.now() - 1_200_000)}&to=${iso(Date.now())}`
    const { links } = await api.get<{ links: Link[] }>(`/v1/cameras/${cameraId()}/coverage?${range}`)
    return links
  }

  async function observedSeconds(): Promise<number> {
    const links = await coverage()
    return links
      .filter(link => link.state === 'observed')
      .reduce((sum, link) => sum + (Date.parse(link.endTime) - Date.parse(link.startTime)) / 1000, 0)
  }

  const intervals = (client = api) =>
    client.list<Published>(`/v1/timings?station=${station.id}&from=${iso(Date.now() - 1_200_000)}`)

  const state = async () => (await api.get<{ state: string }>(`/v1/cameras/${cameraId()}`)).state

  const dead = async () =>
    (await api.get<{ items: { segmentId: string; error: string | null }[] }>('/v1/embeddings/dead')).items

  /** Every slot has been embedded or given up. */
  async function settled(): Promise<void> {
    await sleep(4_000)
    await until('no slot is pending for long', async () => {
      const { rows } = await sql.query(
        `select 1 from embedding where state in ('pending', 'late') and pending_since < now() - interval '6 s'`,
      )
      return rows.length === 0
    })
  }

  async function slotStates(): Promise<string[]> {
    const { rows } = await sql.query<{ state: string }>(
      `select distinct state from embedding where pending_since < now() - interval '10 s'`,
    )
    return rows.map(row => row.state)
  }

  async function waitForPending(count: number, since: Date) {
    type Pending = { segment_id: string; object_key: string }
    let rows: Pending[] = []
    await until('segments wait', async () => {
      ;({ rows } = await sql.query<Pending>(
        `select e.segment_id, s.object_key from embedding e join segment s on s.id = e.segment_id
         where e.state = 'pending' and e.pending_since > $1 order by s.starts_at limit $2`,
        [since, count],
      ))
      return rows.length === count
    })
    return rows
  }

  async function doubled(): Promise<unknown[]> {
    const { rows } = await sql.query(
      `select a.id, b.id from interval_current a join interval_current b
         on a.station_id = b.station_id and a.id < b.id and a.starts_at < b.ends_at and b.starts_at < a.ends_at
       union all
       select min(id::text)::uuid, max(id::text)::uuid from interval_current group by run_id, ordinal having count(*) > 1`,
    )
    return rows
  }

  async function gapsInChain(): Promise<unknown[]> {
    const { rows } = await sql.query(
      `select * from (select camera_id, ends_at, lead(starts_at) over (partition by camera_id order by starts_at) as next from coverage) c
       where next is distinct from ends_at and next is not null`,
    )
    return rows
  }

  /** Decodes all that is stored once more and compares it with what was published, away from the edges. */
  async function cleanDecodeDiffers(): Promise<unknown[]> {
    const { rows } = await sql.query<{ release: string; from_slot: string; complete: string }>(
      `select r.release_id as release, r.from_slot, c.complete_through as complete from run_cursor c join run r on r.id = c.run_id`,
    )
    const { release, from_slot, complete } = rows[0]!
    using segmenter = connectSegmenter(plant.segmenterAddress)
    const { intervals: decoded } = await segmenter.segmentWindow(
      { stationId: station.id, releaseId: release, fromSlot: BigInt(from_slot), toSlot: BigInt(complete) },
      { timeoutMs: 60_000, signal: AbortSignal.timeout(60_000) },
    )
    const inside = (ms: number) => slotOf(ms) > Number(from_slot) + 4 * 5 && slotOf(ms) < Number(complete) - 4 * 15
    const published = (await intervals())
      .map(({ step, startTime, endTime }) => ({ step, start: Date.parse(startTime), end: Date.parse(endTime) }))
      .filter(interval => inside(interval.start))
      .map(interval => JSON.stringify(interval))
    const anew = decoded
      .map(({ step, startUtcMs, endUtcMs }) => ({ step, start: Number(startUtcMs), end: Number(endUtcMs) }))
      .filter(interval => inside(interval.start))
      .map(interval => JSON.stringify(interval))
    expect(published.length).toBeGreaterThan(5)
    return [...published.filter(x => !anew.includes(x)), ...anew.filter(x => !published.includes(x))]
  }

  async function metric(service: 'worker', name: string): Promise<number> {
    const text = await (await fetch(`${plant.services[service].url}/metrics`)).text()
    const line = text.split('\n').find(candidate => candidate.startsWith(`${name}{`))
    return Number(line?.split(' ').at(-1) ?? 0)
  }
})

const iso = (ms: number): string => new Date(ms).toISOString()

/** Waits for a condition; throws naming it. An API that is just restarting does not answer yet: that is no answer. */
async function until(what: string, holds: () => Promise<boolean>, withinMs = 90_000): Promise<void> {
  const deadline = Date.now() + withinMs
  let cause: unknown
  while (Date.now() < deadline) {
    try {
      if (await holds()) return
    } catch (error) {
      cause = error
    }
    await sleep(500)
  }
  throw new Error(`waited ${withinMs / 1000} s in vain: ${what}`, { cause })
}
