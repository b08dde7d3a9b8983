import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { peakMegabytes, residentMegabytes } from './process-memory.ts'

test('resident memory is in megabytes', async () => {
  const megabytes = await residentMegabytes(process.pid)
  expect(megabytes / (process.memoryUsage().rss / 2 ** 20)).toBeCloseTo(1, 0)
})

test('the peak stays when memory is given back', async () => {
  const before = await peakMegabytes(process.pid)
  Buffer.alloc(100 * 2 ** 20, 1)
  expect(await peakMegabytes(process.pid)).toBeGreaterThan(before + 90)
})

test('a process that is gone is named', async () => {
  const { pid } = spawnSync('true')
  const named = { code: 'process-gone', message: expect.stringContaining(String(pid)) }
  await expect(residentMegabytes(pid)).rejects.toMatchObject(named)
})
