import { readdir, readFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { chainOf, eventually, lossesOf, observedCount, seams } from './accounts.ts'
import { type Plant, type Site, startPlant } from './plant.ts'
import { startIngest } from './running-ingest.ts'

let plant: Plant
beforeAll(async () => {
  plant = await startPlant()
})
afterAll(() => plant?.[Symbol.asyncDispose]())

const stateOf = async (site: Site, camera: string) =>
  (await site.db.prisma.camera.findUniqueOrThrow({ where: { id: camera } })).state

const statesOf = async (site: Site, camera: string) =>
  (await site.db.prisma.cameraEvent.findMany({ where: { cameraId: camera } })).map(event => event.state)

test('a camera that is unplugged and comes back leaves one hole, as long as it was away, and no time unaccounted', async () => {
  await using cameras = await plant.cameras([{ name: 'bench', file: plant.film }])
  await using site = await plant.site('unplug')
  const camera = await site.addCamera({ name: 'bench', url: cameras.url('bench') })
  await using _ingest = await startIngest(site)
  const observed = async () => observedCount(await chainOf(site.db, camera))
  await eventually('it shows', async () => (await observed()) >= 3)

  await cameras.unplug('bench')
  const unpluggedAtMs = Date.now()
  await eventually('the state says so', async () => (await stateOf(site, camera)) === 'refused')
  const before = await observed()
  await cameras.plug('bench')
  const pluggedAtMs = Date.now()
  await eventually('it is back', async () => (await observed()) >= before + 3)
  expect(await stateOf(site, camera)).toBe('streaming')

  const chain = await chainOf(site.db, camera)
  expect(seams(chain)).toEqual([])
  const lost = chain.filter(link => link.state === 'lost')
  expect(['disconnected', 'refused']).toEqual(expect.arrayContaining([...lossesOf(chain)]))
  const hole = { startUtcMs: lost[0]!.startUtcMs, endUtcMs: lost.at(-1)!.endUtcMs }
  expect(seams(lost)).toEqual([])
  // It begins in the second that was being written when the cable was pulled, and ends after it was back.
  expect(Math.abs(hole.startUtcMs - unpluggedAtMs)).toBeLessThan(2000)
  expect(hole.endUtcMs).toBeGreaterThan(pluggedAtMs - 500)
  const sessions = await site.db.prisma.session.findMany({ orderBy: { startedAt: 'asc' } })
  expect(sessions[0]).toMatchObject({ outcome: 'ended' })
})

test('a camera that sends nothing is stalled, its time is written off while it lasts, and it streams again', async () => {
  await using cameras = await plant.cameras([{ name: 'bench', file: plant.film }])
  await using site = await plant.site('stall')
  const camera = await site.addCamera({ name: 'bench', url: cameras.url('bench') })
  await using _ingest = await startIngest(site)
  await eventually('it shows', async () => observedCount(await chainOf(site.db, camera)) >= 2)
  await cameras.stall('bench')
  await eventually('it is said to be stalled', async () => (await statesOf(site, camera)).includes('stalled'))
  await eventually('its time is written off', async () => lossesOf(await chainOf(site.db, camera)).includes('stalled'))
  const before = observedCount(await chainOf(site.db, camera))
  await cameras.resume('bench')
  await eventually('it is back', async () => observedCount(await chainOf(site.db, camera)) >= before + 2)
  expect(seams(await chainOf(site.db, camera))).toEqual([])
})

test('a camera of another codec says so and loses nothing that it ever showed', async () => {
  await using cameras = await plant.cameras([{ name: 'bench', file: plant.oldFilm, codec: 'mjpeg' }])
  await using site = await plant.site('codec')
  const camera = await site.addCamera({ name: 'bench', url: cameras.url('bench') })
  await using _ingest = await startIngest(site)
  await eventually('it is seen', async () => (await stateOf(site, camera)) === 'wrong-codec')
  expect(await chainOf(site.db, camera)).toEqual([])
})

test('with a wrong password it is refused, and with no password anything that leaves ingest holds it', async () => {
  const [right, wrong] = ['canary-right-7Zq', 'canary-wrong-4Xk']
  await using cameras = await plant.cameras([
    { name: 'open', file: plant.film, user: 'canary-user', password: right },
    { name: 'shut', file: plant.film, user: 'canary-user', password: right },
  ])
  await using site = await plant.site('secrets')
  const withPassword = (name: string, password: string) => cameras.url(name).replace('//', `//canary-user:${password}@`)
  const open = await site.addCamera({ name: 'open', url: withPassword('open', right) })
  const shut = await site.addCamera({ name: 'shut', url: withPassword('shut', wrong) })
  await using ingest = await startIngest(site)
  await eventually('it is refused', async () => (await stateOf(site, shut)) === 'refused')
  await eventually('the other shows', async () => observedCount(await chainOf(site.db, open)) >= 3)

  const leaks = [
    ingest.lines.join('\n'),
    await ingest.metrics(),
    await allRows(site),
    await ffmpegProcesses(site.spool),
    await allNames(site),
  ]
  expect(leaks.map(text => text.length > 0)).toEqual(leaks.map(() => true))
  for (const text of leaks) for (const canary of [right, wrong]) expect(text).not.toContain(canary)
})

/** Every row of every table as text, as a backup or a support engineer might see it. */
async function allRows({ db }: Site): Promise<string> {
  const { rows: tables } = await db.pool.query<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`,
  )
  const texts = await Promise.all(
    tables.map(async ({ name }) => JSON.stringify((await db.pool.query(`select t::text from "${name}" t`)).rows)),
  )
  return texts.join('\n')
}

/** Arguments and environment of the capture children, as any user of the host may read them. */
async function ffmpegProcesses(spool: string): Promise<string> {
  const { readlink } = await import('node:fs/promises')
  const texts: string[] = []
  for (const pid of (await readdir('/proc')).filter(name => /^\d+$/.test(name)))
    try {
      if (!(await readlink(`/proc/${pid}/cwd`)).startsWith(spool)) continue
      for (const file of ['cmdline', 'environ']) texts.push(await readFile(`/proc/${pid}/${file}`, 'latin1'))
    } catch {
      // It has ended meanwhile, or belongs to another user.
    }
  return texts.join('\n')
}

const allNames = async ({ store, spool }: Site): Promise<string> =>
  (await Promise.all([store, spool].map(directory => readdir(directory, { recursive: true })))).flat().join('\n')
