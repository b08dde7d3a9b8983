import { readdir } from 'node:fs/promises'
import { openJobs } from '@takt/jobs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { chainOf, eventually, lossesOf, observedCount, seams } from './accounts.ts'
import { lookThrough } from './look-through.ts'
import { type Plant, startPlant } from './plant.ts'
import { startIngest } from './running-ingest.ts'

let plant: Plant
beforeAll(async () => {
  plant = await startPlant()
})
afterAll(() => plant?.[Symbol.asyncDispose]())

const mp4Files = async (directory: string): Promise<readonly string[]> =>
  (await readdir(directory, { recursive: true })).filter(name => name.endsWith('.mp4'))

test('segments arrive in the store and in Postgres, their coverage is one chain, and each waits to be embedded', async () => {
  await using cameras = await plant.cameras([{ name: 'bench', file: plant.film }])
  await using site = await plant.site('arrive')
  const camera = await site.addCamera({ name: 'bench', url: cameras.url('bench') })
  await lookThrough(site.db, camera)
  {
    await using ingest = await startIngest(site)
    await eventually('five segments', async () => observedCount(await chainOf(site.db, camera)) >= 5)
    expect(await ingest.metrics()).toMatch(/takt_camera_up\{camera="bench",service="ingest"\} 1/)
    expect((await fetch(`${ingest.url}/health/ready`)).status).toBe(200)
  }
  const chain = await chainOf(site.db, camera)
  expect(seams(chain)).toEqual([])
  expect(lossesOf(chain)).toEqual([])
  expect(await mp4Files(site.store)).toHaveLength(observedCount(chain))
  expect(await mp4Files(site.spool)).toEqual([])

  expect(await site.db.prisma.embedding.count({ where: { state: 'pending' } })).toBe(observedCount(chain))
  await using jobs = await openJobs({ redisUrl: site.env.REDIS_URL!, prefix: site.env.REDIS_PREFIX! })
  expect((await jobs.counts())['embed-live'].waiting).toBe(observedCount(chain))
})

test('the segments of a session touch in media time, and their durations add up', async () => {
  await using cameras = await plant.cameras([{ name: 'bench', file: plant.film }])
  await using site = await plant.site('media')
  const camera = await site.addCamera({ name: 'bench', url: cameras.url('bench') })
  {
    await using _ingest = await startIngest(site)
    await eventually('six segments', async () => observedCount(await chainOf(site.db, camera)) >= 6)
  }
  const segments = await site.db.prisma.segment.findMany({ orderBy: { sequence: 'asc' } })
  expect(segments.map(segment => segment.sequence)).toEqual(segments.map((_, i) => i))
  let ticks = 0n
  for (const segment of segments) {
    expect(segment.mediaStartTicks).toBe(ticks)
    ticks += segment.durationTicks
  }
  const session = await site.db.prisma.session.findFirstOrThrow()
  expect(session).toMatchObject({ cameraId: camera, outcome: 'aborted' })
  expect(session.endedAt).not.toBeNull()
})

test('cameras are added, switched off and on, and removed while it runs', async () => {
  await using cameras = await plant.cameras([{ name: 'bench', file: plant.film }])
  await using site = await plant.site('change')
  await using ingest = await startIngest(site)
  const camera = await site.addCamera({ name: 'bench', url: cameras.url('bench') })
  const observed = async () => observedCount(await chainOf(site.db, camera))
  const isIn = (state: string) => async () =>
    (await site.db.prisma.camera.findUniqueOrThrow({ where: { id: camera } })).state === state
  await eventually('the added camera shows', async () => (await observed()) >= 2)

  const change = (data: object) =>
    site.db.prisma.camera.update({ where: { id: camera }, data: { ...data, revision: { increment: 1 } } })
  await change({ enabled: false })
  await eventually('it is off', isIn('disabled'))
  await eventually('nobody watches it', async () => !(await cameras.truth('bench')).watched)
  const before = await observed()
  await change({ enabled: true })
  await eventually('it is back', async () => (await observed()) >= before + 2)
  const chain = await chainOf(site.db, camera)
  expect(seams(chain)).toEqual([])
  expect(lossesOf(chain)).toEqual(['disabled'])

  await change({ removedAt: new Date() })
  await eventually('nobody watches the removed one', async () => !(await cameras.truth('bench')).watched)
  await eventually('it leaves no state behind', async () => !(await ingest.metrics()).includes('takt_camera_up{'))
})
