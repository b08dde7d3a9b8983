import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { waitForWriters } from '../src/spool/wait-for-writers.ts'
import { chainOf, eventually, lossesOf, observedCount, seams } from './accounts.ts'
import { type Plant, type Site, startPlant } from './plant.ts'
import { startIngest } from './running-ingest.ts'

let plant: Plant
beforeAll(async () => {
  plant = await startPlant()
})
afterAll(() => plant?.[Symbol.asyncDispose]())

const mp4Files = async (directory: string): Promise<readonly string[]> =>
  (await readdir(directory, { recursive: true })).filter(name => name.endsWith('.mp4')).sort()

test('an ingest that is killed loses no closed segment: the next one keeps them, and says for how long it was down', async () => {
  await using cameras = await plant.cameras([{ name: 'bench', file: plant.film }])
  await using site = await plant.site('killed')
  const camera = await site.addCamera({ name: 'bench', url: cameras.url('bench') })
  const killed = startProcess(site)
  await eventually('it shows', async () => observedCount(await chainOf(site.db, camera)) >= 2)
  await takeStoreAway(site)
  await eventually('the spool fills', async () => (await mp4Files(site.spool)).length >= 3)
  await kill(killed)
  const left = (await mp4Files(site.spool)).length
  const before = observedCount(await chainOf(site.db, camera))
  await bringStoreBack(site)

  await using ingest = await startIngest(site)
  await eventually(
    'the left ones are kept',
    async () => observedCount(await chainOf(site.db, camera)) >= before + left + 2,
  )
  const chain = await chainOf(site.db, camera)
  expect(seams(chain)).toEqual([])
  expect(lossesOf(chain)).toEqual(['ingest-down'])
  expect(ingest.lines.some(line => line.includes('spoolRecovered'))).toBe(true)
  const sessions = await site.db.prisma.session.findMany({ orderBy: { startedAt: 'asc' } })
  expect(sessions.map(session => session.outcome)).toEqual(['ingest-down', null])
})

test('while the store is away the spool holds what closes, and nothing is lost', async () => {
  await using cameras = await plant.cameras([{ name: 'bench', file: plant.film }])
  await using site = await plant.site('away')
  const camera = await site.addCamera({ name: 'bench', url: cameras.url('bench') })
  await using _ingest = await startIngest(site)
  await eventually('it shows', async () => observedCount(await chainOf(site.db, camera)) >= 2)
  await takeStoreAway(site)
  await eventually('the spool fills', async () => (await mp4Files(site.spool)).length >= 5)
  await bringStoreBack(site)
  await eventually('the spool empties', async () => (await mp4Files(site.spool)).length <= 2)
  const chain = await chainOf(site.db, camera)
  expect(seams(chain)).toEqual([])
  expect(lossesOf(chain)).toEqual([])
})

test('a segment that vanishes from the spool is lost for that reason, and those behind it are kept', async () => {
  await using cameras = await plant.cameras([{ name: 'bench', file: plant.film }])
  await using site = await plant.site('vanished')
  const camera = await site.addCamera({ name: 'bench', url: cameras.url('bench') })
  await using _ingest = await startIngest(site)
  await eventually('it shows', async () => observedCount(await chainOf(site.db, camera)) >= 1)
  await takeStoreAway(site)
  await eventually('the spool fills', async () => (await mp4Files(site.spool)).length >= 4)
  await rm(join(site.spool, (await mp4Files(site.spool))[1]!))
  await bringStoreBack(site)
  const isLost = async () => lossesOf(await chainOf(site.db, camera)).includes('upload-failed')
  await eventually('it is written off', isLost)
  await eventually('the spool empties', async () => (await mp4Files(site.spool)).length <= 2)
  const chain = await chainOf(site.db, camera)
  expect(seams(chain)).toEqual([])
  expect(lossesOf(chain)).toEqual(['upload-failed'])
})

test('a full spool stops the camera, the time is lost for that reason, and it goes on when there is room', async () => {
  await using cameras = await plant.cameras([{ name: 'bench', file: plant.film }])
  await using site = await plant.site('full')
  const camera = await site.addCamera({ name: 'bench', url: cameras.url('bench') })
  const stateIs = (state: string) => async () =>
    (await site.db.prisma.camera.findUniqueOrThrow({ where: { id: camera } })).state === state
  await using _ingest = await startIngest(site, { SPOOL_LIMIT: '200kB' })
  await takeStoreAway(site)
  await eventually('the spool is full', stateIs('spool-full'))
  expect((await mp4Files(site.spool)).length).toBeGreaterThan(0)
  await bringStoreBack(site)
  await eventually('it streams again', stateIs('streaming'))
  await eventually('the hole is written', async () => lossesOf(await chainOf(site.db, camera)).includes('spool-full'))
  const chain = await chainOf(site.db, camera)
  expect(seams(chain)).toEqual([])
  expect(lossesOf(chain)).toEqual(['spool-full'])
})

test('a truncated, an empty and a non-video file in the spool cost their own time and nothing else', async () => {
  await using cameras = await plant.cameras([{ name: 'bench', file: plant.film }])
  await using site = await plant.site('spoilt')
  const camera = await site.addCamera({ name: 'bench', url: cameras.url('bench') })
  const killed = startProcess(site)
  await eventually('it shows', async () => observedCount(await chainOf(site.db, camera)) >= 1)
  await takeStoreAway(site)
  await eventually('the spool fills', async () => (await mp4Files(site.spool)).length >= 6)
  await kill(killed)
  await waitForWriters(site.spool)
  const files = (await mp4Files(site.spool)).map(name => join(site.spool, name))
  const [, truncated, , nonVideo] = files
  await truncate(truncated!, 5000)
  await writeFile(nonVideo!, 'this is no video')
  const emptyTail = files.at(-1)!.replace(/\d+\.mp4$/, '99999.mp4')
  await writeFile(emptyTail, '')
  await bringStoreBack(site)

  await using _ingest = await startIngest(site)
  await eventually('the chain goes on', async () => observedCount(await chainOf(site.db, camera)) >= files.length + 1)
  const chain = await chainOf(site.db, camera)
  expect(seams(chain)).toEqual([])
  const spoilt = chain.filter(link => link.reason === 'bad-segment')
  expect(spoilt).toHaveLength(2)
  for (const { startUtcMs, endUtcMs } of spoilt) expect(Math.abs(endUtcMs - startUtcMs - 1000)).toBeLessThanOrEqual(50)
  expect(await readdir(join(site.spool, 'quarantine'))).toHaveLength(2)
})

test('two ingests on one camera by mistake write one chain', async () => {
  await using cameras = await plant.cameras([{ name: 'bench', file: plant.film }])
  await using site = await plant.site('twice')
  const camera = await site.addCamera({ name: 'bench', url: cameras.url('bench') })
  await using _first = await startIngest(site)
  await eventually('it shows', async () => observedCount(await chainOf(site.db, camera)) >= 1)
  await using _second = await startIngest(site, { SPOOL_DIRECTORY: `${site.spool}-second` })
  const startedAtMs = Date.now()
  await eventually('ten seconds go by', async () => Date.now() - startedAtMs > 10_000)
  const chain = await chainOf(site.db, camera)
  expect(seams(chain)).toEqual([])
  // The chain is no longer than the time that went by: none was written twice.
  expect(chain.at(-1)!.endUtcMs).toBeLessThan(Date.now() + 500)
})

test('a second ingest on the same spool refuses to start', async () => {
  await using site = await plant.site('shared')
  const first = startProcess(site)
  await eventually(
    'the first has the spool',
    async () => (await readFile(join(site.spool, 'owner.json'), 'utf8').catch(() => '')) !== '',
  )
  await expect(startIngest(site)).rejects.toMatchObject({ code: 'spool-in-use' })
  await kill(first)
})

/** An ingest of its own process, as in a plant: it can be killed. */
const startProcess = (site: Site): ChildProcess =>
  spawn(process.execPath, [fileURLToPath(new URL('../src/main.ts', import.meta.url))], {
    env: { PATH: process.env.PATH, ...site.env },
    stdio: 'ignore',
  })

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL')
  await once(child, 'exit')
}

const takeStoreAway = async ({ store }: Site): Promise<void> => {
  await rename(store, `${store}-away`)
  await writeFile(store, 'in the way')
}
const bringStoreBack = async ({ store }: Site): Promise<void> => {
  await rm(store)
  await rename(`${store}-away`, store)
}
