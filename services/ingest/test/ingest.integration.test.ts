import { readdir } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { chainOf, eventually, lossesOf, observedCount, seams } from './accounts.ts'
import { type Plant, startPlant } from './plant.ts'
import { startIngest } from './running-ingest.ts'

let plant: Plant
beforeAll(async () => {
  plant = await startPlant()
})
afterAll(() => plant?.[Symbol.asyncDispose]())

test('segments arrive in the store and in Postgres, and their coverage is one chain', async () => {
  await using cameras = await plant.cameras([{ name: 'bench', file: plant.film }])
  await using site = await plant.site('arrive')
  const camera = await site.addCamera({ name: 'bench', url: cameras.url('bench') })
  {
    await using _ingest = await startIngest(site)
    await eventually('five segments', async () => observedCount(await chainOf(site.db, camera)) >= 5)
  }
  const chain = await chainOf(site.db, camera)
  expect(seams(chain)).toEqual([])
  expect(lossesOf(chain)).toEqual([])
  const objects = await readdir(site.store, { recursive: true })
  expect(objects.filter(name => name.endsWith('.mp4'))).toHaveLength(observedCount(chain))
  expect((await readdir(site.spool, { recursive: true })).filter(name => name.endsWith('.mp4'))).toEqual([])
})
