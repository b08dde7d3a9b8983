import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runCommand } from '../run-command.ts'

let folder: string
let env: NodeJS.ProcessEnv
const asked: string[] = []
/** A plant with one station and three pages of timings. */
const plant = createServer((request, response) => {
  const url = new URL(request.url!, 'http://plant')
  if (url.pathname === '/v1/stations') return response.end(JSON.stringify({ items: [{ id: 's1', name: 'press' }] }))
  asked.push(request.url!)
  const page = Number(url.searchParams.get('cursor') ?? 0)
  url.searchParams.set('cursor', String(page + 1))
  if (page < 2) response.setHeader('link', `<${url.pathname}${url.search}>; rel="next"`)
  response.end(`id,step\n${page}a,"pick, left"\n${page}b,screw\n`)
})
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'takt-export-'))
  await new Promise<void>(done => plant.listen(0, '127.0.0.1', done))
  env = { TAKT_URL: `http://127.0.0.1:${(plant.address() as AddressInfo).port}`, TAKT_KEY: 'key' }
})
afterAll(async () => {
  plant.close()
  await rm(folder, { recursive: true, force: true })
})

test('every page is in the file, under one heading, and the window is asked for', async () => {
  const file = join(folder, 'timings.csv')
  const answer = await runCommand(['export', 'press', file, '--from', '2026-11-24T08:00:00Z', '--json'], { env })
  expect(JSON.parse(answer)).toEqual({ station: 'press', file, rows: 6 })
  expect(await readFile(file, 'utf8')).toBe(
    'id,step\n0a,"pick, left"\n0b,screw\n1a,"pick, left"\n1b,screw\n2a,"pick, left"\n2b,screw\n',
  )
  expect(asked[0]).toBe('/v1/timings?station=s1&limit=5000&from=2026-11-24T08%3A00%3A00Z')
})

test('a file that is there is not overwritten, and a wrong station is named', async () => {
  const file = join(folder, 'cycles.csv')
  await runCommand(['export', 'press', file, '--cycles'], { env })
  expect(asked.at(-1)).toContain('/v1/cycles?')
  await expect(runCommand(['export', 'press', file], { env })).rejects.toThrow(/cycles.csv cannot be written: EEXIST/)
  await expect(runCommand(['export', 'dance', file], { env })).rejects.toThrow(/no station dance/)
  await expect(runCommand(['export', 'press'], { env })).rejects.toThrow(/usage: takt export STATION/)
})
