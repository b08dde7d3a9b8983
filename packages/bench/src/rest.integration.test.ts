import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const main = fileURLToPath(new URL('./main.ts', import.meta.url))

test('a quick run of rest ends with one line of JSON: equal answers of both rivals, and what each took', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [main, 'rest', '--quick', '--json'])
  const figures = JSON.parse(stdout.trimEnd().split('\n').at(-1)!)
  const rival = { p50Ms: expect.any(Number), p99Ms: expect.any(Number), requestsPerSecond: expect.any(Number) }
  expect(figures).toMatchObject({
    name: 'rest',
    intervals: 20_000,
    ratio: expect.any(Number),
    day: {
      rows: expect.any(Number),
      connections1: { api: rival, bare: rival },
      connections16: { api: rival, bare: rival },
    },
  })
  expect(figures.day.rows).toBeGreaterThan(0)
  expect(figures.ratio).toBeGreaterThan(0)
})
