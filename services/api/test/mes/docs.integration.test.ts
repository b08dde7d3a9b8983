import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { at, type Plant, seedIntervals, seedPlant } from '../plant.ts'
import { adminKey, startApi, type TestApi } from '../start-api.ts'
import { openCursor, recordCycles } from './seed-cycles.ts'

let api: TestApi
let plant: Plant
beforeAll(async () => {
  api = await startApi({ limits: { events: { skewMs: 1e15, lateMs: 1e15 } }, now: () => at(3600) })
  plant = await seedPlant(api.db)
  await openCursor(api.db, plant)
  await seedIntervals(api.db, plant, [{ ordinal: 0, startSeconds: 0, endSeconds: 1 }])
  await recordCycles(api.db, plant, 0, 3)
  await api.app.listen({ host: '127.0.0.1', port: 0 })
})
afterAll(() => api?.[Symbol.asyncDispose]())

test('every example of docs/mes.md runs as it is written', async () => {
  const page = await readFile(new URL('../../../../docs/mes.md', import.meta.url), 'utf8')
  const blocks = [...page.matchAll(/```sh\n(.*?)```/gs)].map(([, block]) => block)
  expect(blocks.length).toBeGreaterThan(5)
  const script = ['set -euo pipefail', ...blocks].join('\n')
  await promisify(execFile)('bash', ['-c', script], {
    env: {
      ...process.env,
      TAKT: `http://127.0.0.1:${(api.app.server.address() as AddressInfo).port}`,
      KEY: adminKey,
      STATION: plant.station.id,
      HOOK: 'http://10.0.0.1/takt',
    },
  })
  const [cycle] = (await api.get(`/v1/cycles?station=${plant.station.id}`)).items
  expect(cycle).toMatchObject({ jobOrderId: 'JO-1', serial: 'S-1', variant: 'blue' })
  const timing = (await api.get(`/v1/timings?station=${plant.station.id}`)).items[0]
  expect(timing).toMatchObject({ revision: 3, author: 'machine' })
})
